import { type Command, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { wholeNumber } from '../arguments.ts';
import { Failure } from '../failure.ts';
import { FORMATS, type Format } from '../model-formats.ts';

const TASK = ['<task>', 'the task’s id'] as const;
const MODEL = ['<model>', 'how its hash begins, RUN:ROUND, or latest, best or pinned'] as const;

/** What the commands are made of loads when one of them is given. */
const load = async (options: AdminOptions) => ({
  admin: openAdmin(options.url),
  ...(await import('../models.ts')),
  ...(await import('../model-commands.ts')),
});

/** One JSON text, or the lines for people. */
function print(options: AdminOptions, value: unknown, lines: () => string): void {
  console.log(options.json ? JSON.stringify(value, null, 2) : lines());
}

export function addModel(program: Command): void {
  const model = program.command('model').description('the versions of a task’s model');

  addAdminOptions(model.command('list'))
    .description('list the versions, the latest first')
    .argument(...TASK)
    .option('--run <run>', 'of this run only')
    .option('--best', 'the best first')
    .action(async (task: string, options: AdminOptions & { readonly run?: string; readonly best?: true }) => {
      const { admin, listVersions, versionTable } = await load(options);
      const found = await listVersions(admin, task, { run: options.run, order: options.best ? 'best' : 'latest' });
      print(options, found, () => versionTable(found));
    });

  addAdminOptions(model.command('show'))
    .description('where a version is from: rounds, transcripts and plans behind it, and how it does')
    .argument(...TASK)
    .argument(...MODEL)
    .addOption(new Option('--most <n>', 'rounds to go back').argParser(wholeNumber(1, 1000)).default(20))
    .action(async (task: string, meant: string, options: AdminOptions & { readonly most: number }) => {
      const { admin, showVersion, versionLines } = await load(options);
      const shown = await showVersion(admin, task, meant, options.most);
      print(options, shown, () => versionLines(shown));
    });

  addAdminOptions(model.command('download'))
    .description('save a version for TensorFlow.js, NumPy, or whatever reads safetensors')
    .argument(...TASK)
    .argument(...MODEL)
    .addOption(new Option('--format <format>', 'how').choices(Object.keys(FORMATS)).default('tfjs'))
    .option('--out <file>', 'where to (default: named by task and round, here)')
    .action(
      async (
        task: string,
        meant: string,
        options: AdminOptions & { readonly format: Format; readonly out?: string },
      ) => {
        const { admin, saveVersion } = await load(options);
        const saved = await saveVersion(admin, task, meant, options);
        print(options, saved, () => saved.file);
      },
    );

  addAdminOptions(model.command('card'))
    .description('print the model card, Markdown: what a version is for, how well it does, what was protected')
    .argument(...TASK)
    .argument(...MODEL)
    .action(async (task: string, meant: string, options: AdminOptions) => {
      const { admin, cardOf } = await load(options);
      const card = await cardOf(admin, task, meant);
      print(options, { card }, () => card.trimEnd());
    });

  addAdminOptions(model.command('evaluate'))
    .description('evaluate a version on the held-out examples, class by class')
    .argument(...TASK)
    .argument(...MODEL)
    .action(async (task: string, meant: string, options: AdminOptions) => {
      const { admin, evaluate, evaluationLines } = await load(options);
      const evaluation = await evaluate(admin, task, meant);
      print(options, evaluation, () => evaluationLines(evaluation));
    });

  addAdminOptions(model.command('compare'))
    .description('put versions side by side')
    .argument(...TASK)
    .argument('<model...>', `each: ${MODEL[1]}`)
    .action(async (task: string, meant: readonly string[], options: AdminOptions) => {
      if (meant.length < 2) throw new Failure('Name at least two versions to compare.');
      const { admin, compareVersions, comparisonTable } = await load(options);
      const compared = await compareVersions(admin, task, meant);
      print(options, compared, () => comparisonTable(compared));
    });

  addAdminOptions(model.command('pin'))
    .description('choose the version that participants are offered')
    .argument(...TASK)
    .argument('[model]', MODEL[1])
    .option('--none', 'offer the latest again, whichever that will be')
    .action(async (task: string, meant: string | undefined, options: AdminOptions & { readonly none?: true }) => {
      if ((meant === undefined) !== (options.none === true)) throw new Failure('Name a version, or say --none.');
      const { admin, pin } = await load(options);
      const pinned = await pin(admin, task, meant ?? null);
      print(options, { pinned }, () =>
        pinned === null ? 'Participants are offered the latest version.' : `Participants are offered ${pinned}.`,
      );
    });

  addAdminOptions(model.command('rollback'))
    .description('start a run that goes on from a version')
    .argument(...TASK)
    .argument(...MODEL)
    .addOption(
      new Option('--rounds <n>', 'rounds of the run (default: as the task says)').argParser(wholeNumber(1, 100_000)),
    )
    .action(async (task: string, meant: string, options: AdminOptions & { readonly rounds?: number }) => {
      const { admin, rollBack } = await load(options);
      const run = await rollBack(admin, task, meant, options.rounds);
      print(options, run, () => `Run ${run.run} goes on from ${run.initial.model}.`);
    });
}
