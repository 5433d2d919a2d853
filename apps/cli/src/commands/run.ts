import { type Command, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { Failure } from '../failure.ts';

const TASK = ['<task>', 'the task’s id'] as const;
const RUN = ['<run>', 'the run’s name'] as const;

/** What the commands are made of loads when one of them is given. */
const load = async (options: AdminOptions) => ({
  admin: openAdmin(options.url),
  ...(await import('../runs.ts')),
  ...(await import('../run-lines.ts')),
});

/** One JSON text, or the lines for people. */
function print(options: AdminOptions, value: unknown, lines: () => string): void {
  console.log(options.json ? JSON.stringify(value, null, 2) : lines());
}

interface StartOptions extends AdminOptions {
  readonly clone?: string;
  readonly check?: true;
  readonly watch?: true;
}

export function addRun(program: Command): void {
  const run = program.commands.find((command) => command.name() === 'run') ?? program.command('run');
  run.description('runs: start, steer, watch and compare them');

  addAdminOptions(run.command('list'))
    .description('list runs, the newest first')
    .argument('[task]', 'of this task only')
    .action(async (task: string | undefined, options: AdminOptions) => {
      const { admin, listRuns, runTable } = await load(options);
      const runs = await listRuns(admin, task);
      print(options, runs, () => runTable(runs));
    });

  addAdminOptions(run.command('start'))
    .description('start a run; what is not said is taken from the task')
    .argument(...TASK)
    .argument('[setting...]', 'NAME=VALUE by the names of “sotto run show”: rounds=10 strategy.name=FedAdam')
    .option('--clone <run>', 'with the settings of this run, where none are given')
    .option('--check', 'only say what it would cost, or what is wrong with it')
    .option('--watch', 'and say what happens, until it is over')
    .action(async (task: string, settings: readonly string[], options: StartOptions) => {
      const { admin, checkRun, startRun, showRun, previewLines } = await load(options);
      const { requestOf } = await import('../run-request.ts');
      const base = options.clone === undefined ? {} : (await showRun(admin, options.clone)).run.config;
      const request = requestOf(task, settings, base);
      const preview = await checkRun(admin, request);
      if (options.check) return print(options, preview, () => previewLines(preview));
      const started = await startRun(admin, request);
      if (options.watch) return watch(started.run, options);
      print(options, started, () => started.run);
    });

  addAdminOptions(run.command('show'))
    .description('what a run was told, and what came of its rounds')
    .argument(...RUN)
    .action(async (name: string, options: AdminOptions) => {
      const { admin, showRun, runLines } = await load(options);
      const detail = await showRun(admin, name);
      print(options, detail, () => runLines(detail));
    });

  addAdminOptions(run.command('watch'))
    .description('say what happens in a run until it is over; with --json a line of JSON at each change')
    .argument(...RUN)
    .action(watch);

  addAdminOptions(run.command('pause'))
    .description('begin no further round; the one under way is finished')
    .argument(...RUN)
    .addOption(new Option('--now', 'give up the round under way').default(false))
    .action(async (name: string, options: AdminOptions & { readonly now: boolean }) => {
      const { admin, pauseRun } = await load(options);
      const paused = await pauseRun(admin, name, options.now);
      print(options, paused, () => `${name} is ${paused.state}.`);
    });

  for (const [what, about] of [
    ['resume', 'go on with a paused run'],
    ['stop', 'stop a run for good: the round under way is given up'],
  ] as const)
    addAdminOptions(run.command(what))
      .description(about)
      .argument(...RUN)
      .action(async (name: string, options: AdminOptions) => {
        const { admin, steerRun } = await load(options);
        const steered = await steerRun(admin, name, what);
        print(options, steered, () => `${name} is ${steered.state}.`);
      });

  addAdminOptions(run.command('compare'))
    .description('put runs side by side: what came of them, and what they were told otherwise')
    .argument('<run...>', 'their names')
    .action(async (names: readonly string[], options: AdminOptions) => {
      if (names.length < 2) throw new Failure('Name at least two runs to compare.');
      const { admin, showRun, comparisonLines } = await load(options);
      const details = await Promise.all(names.map((name) => showRun(admin, name)));
      print(options, details, () => comparisonLines(details));
    });
}

async function watch(name: string, options: AdminOptions): Promise<void> {
  const { admin, watchRun, newsLines } = await load(options);
  const { setTimeout: sleep } = await import('node:timers/promises');
  let before: Parameters<typeof newsLines>[0] = null;
  for await (const watched of watchRun(admin, name, sleep)) {
    const lines = newsLines(before, watched);
    if (lines.length > 0) console.log(options.json ? JSON.stringify(watched) : lines.join('\n'));
    before = watched;
  }
  // For scripts: a run that was stopped has not done what it was to do.
  if (before?.run.state === 'stopped') process.exitCode = 1;
}
