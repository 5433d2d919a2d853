import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { numberWithin, probability, wholeNumber } from '../arguments.ts';
import { Failure } from '../failure.ts';
import { expectWritable, writeJson, writeWhole } from '../json-file.ts';
import { ATTACKS, type AttackKind, DEFAULT_FACTORS } from '../simulation/attack.ts';
import { optionOf } from '../simulation/option-names.ts';
import { addRunOptions, DEPENDENT, type Dependent, type RunOptions, runOf } from '../simulation/run-options.ts';
import type { SimulationSettings } from '../simulation/settings.ts';
import type { Simulated } from '../simulation/simulation.ts';

interface Options extends RunOptions {
  readonly task?: string;
  readonly participants: number;
  readonly seed?: number;
  readonly seal: 'on' | 'off';
  readonly partition: 'iid' | 'shards' | 'dirichlet';
  readonly by?: 'iid' | 'label';
  readonly shardsPerClient: number;
  readonly alpha: number;
  readonly drop: number;
  readonly attack?: AttackKind;
  readonly attackers: number;
  readonly attackFactor?: number;
  readonly json?: string;
  readonly csv?: string;
  readonly plot?: string;
  readonly keep?: string;
  readonly resume?: string;
}

const DEPENDENT_HERE: readonly Dependent[] = [
  { option: 'alpha', needs: ['partition'], of: ['dirichlet'] },
  { option: 'shardsPerClient', needs: ['partition'], of: ['shards'] },
  { option: 'attackers', needs: ['attack'] },
  { option: 'attackFactor', needs: ['attack'] },
];

/** Options that say where results go, not what is simulated. */
const OUTPUTS = ['json', 'csv', 'plot', 'resume'];

export function addSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .description('run the real protocol with many participants on this machine')
    .option('--task <name>', 'what is learned')
    .option('--participants <n>', 'how many there are', wholeNumber(3, 10_000), 10)
    .option(
      '--seed <n>',
      'repeats a simulation: who holds what, initial weights, rounding, selection, drop-outs, attackers',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .addOption(
      new Option('--seal <state>', '“off” adds the same integers without sealing them: the same models, sooner')
        .choices(['on', 'off'])
        .default('on'),
    )
    .optionsGroup('Data:')
    .addOption(
      new Option('--partition <way>', 'how the data are spread').choices(['iid', 'shards', 'dirichlet']).default('iid'),
    )
    .option('--shards-per-client <n>', 'of --partition shards: runs of one class to each', wholeNumber(1, 1000), 2)
    .option(
      '--alpha <x>',
      'of --partition dirichlet: the smaller, the fewer classes to each',
      numberWithin(1e-3, 1e6),
      0.5,
    )
    .addOption(new Option('--by <way>', 'as --partition iid, or shards').choices(['iid', 'label']).hideHelp())
    .optionsGroup('Trouble:')
    .option('--drop <p>', 'probability that a participant drops out of a round', probability, 0)
    .addOption(new Option('--attack <kind>', 'what malicious participants send').choices([...ATTACKS]))
    .option('--attackers <share>', 'how many of the participants attack', numberWithin(0, 1), 0.2)
    .option(
      '--attack-factor <f>',
      `what their update is multiplied by (default: ${DEFAULT_FACTORS.scale} for scale, else 1)`,
      numberWithin(1e-6, 1e9),
    );
  addRunOptions(command)
    .optionsGroup('Results:')
    .option('--json <file>', 'write the figures to this file')
    .option('--csv <file>', 'write a line a round to this file')
    .option('--plot <file>', 'draw accuracy and loss over the rounds into this SVG file')
    .option('--keep <folder>', 'keep everything in this folder: to look at, to verify, to go on with')
    .option('--resume <folder>', 'go on with the simulation kept in this folder')
    .action(run);
}

async function run(options: Options, command: Command): Promise<void> {
  expectNeeded(command);
  expectFiles(options);
  if (options.plot !== undefined && !/\.svg$/i.test(options.plot))
    throw new Failure(`--plot draws SVG: give it a name that ends in .svg, not ${options.plot}.`);
  const { simulate } = await import('../simulation/simulation.ts');
  const { expectEmpty, readKept } = await import('../simulation/keeping.ts');
  const { hostileIn, noteOn } = await import('../simulation/failures.ts');
  const { reportOf, roundLine } = await import('../simulation/report.ts');
  const { createProgress } = await import('../progress.ts');
  const folder = options.resume ?? options.keep;
  const resumed = options.resume === undefined ? null : readKept(resumeFolder(options.resume, command));
  if (options.keep !== undefined) expectEmpty(options.keep);
  const settings = resumed?.settings ?? (await settingsOf(options));
  const simulated = await simulate({
    settings,
    folder: folder === undefined ? null : resolve(folder),
    resumed,
    tasksDir: process.env.SOTTO_TASKS_DIR || null,
    progress: createProgress(),
    onRound: (round) => console.error(roundLine(round, hostileIn(settings))),
  });
  await writeOutputs(simulated, options);
  const { result } = simulated;
  console.log(reportOf(simulated));
  const note = noteOn(simulated);
  if (note !== null)
    console.error(result.finished ? note : `sotto: ${note}${note === result.note ? goOn(folder) : ''}`);
  if (!result.finished || (result.seal === 'on' && result.sumExact !== true)) process.exitCode = 1;
}

/** Whoever asks for noise, attackers or groups by half would get a run without them. @throws Failure */
function expectNeeded(command: Command): void {
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  const longOf = (name: string) => command.options.find((option) => option.attributeName() === name)?.long ?? name;
  const { by, partition } = command.opts<Options>();
  const { kind } = partitionOf(command.opts<Options>());
  if (given('partition') && partition !== kind)
    throw new Failure(`--by ${by} and --partition ${partition} spread the data in two ways. Leave one of them out.`);
  for (const { option, needs, of } of [...DEPENDENT_HERE, ...DEPENDENT]) {
    const meant = needs.some((parent) => {
      const value = parent === 'partition' ? kind : command.getOptionValue(parent);
      return value !== undefined && (of === undefined || of.includes(String(value)));
    });
    if (given(option) && !meant)
      throw new Failure(
        `${longOf(option)} says nothing without ${needs.map(longOf).join(' or ')}${of === undefined ? '' : ` ${of.join(' or ')}`}. Give that, too, or leave it out.`,
      );
  }
}

/** @throws Failure when a file cannot be written, or would be written twice */
function expectFiles({ json, csv, plot }: Options): void {
  const taken = new Map<string, string>();
  for (const [option, file] of Object.entries({ '--json': json, '--csv': csv, '--plot': plot })) {
    if (file === undefined) continue;
    const other = taken.get(resolve(file));
    if (other !== undefined)
      throw new Failure(`${other} and ${option} would both write ${file}. Give each a file of its own.`);
    taken.set(resolve(file), option);
    expectWritable(file);
  }
}

/** @throws Failure when the command says otherwise what the folder says already */
function resumeFolder(folder: string, command: Command): string {
  const given = command.options.find(
    (option) =>
      !OUTPUTS.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (!given) return folder;
  const why = given.attributeName() === 'keep' ? 'is not needed' : 'cannot be changed';
  throw new Failure(`${given.long} ${why}: --resume goes on with the simulation as it was begun. Leave it out.`);
}

async function settingsOf(options: Options): Promise<SimulationSettings> {
  const { inWords } = await import('@sotto/protocol/in-words');
  const { attackersIn, SimulationSettings } = await import('../simulation/settings.ts');
  const { task, participants, seed, seal, drop, attack, attackers, attackFactor } = options;
  if (task === undefined) throw new Failure('Which task? Give --task, such as --task mnist.');
  const wanted = {
    task,
    participants,
    seed: seed ?? randomInt(2 ** 32),
    seal: seal === 'on',
    partition: partitionOf(options),
    drop,
    attack:
      attack === undefined ? null : { kind: attack, share: attackers, factor: attackFactor ?? DEFAULT_FACTORS[attack] },
    run: runOf(options, participants),
  };
  const parsed = SimulationSettings.safeParse(wanted, { error: inWords });
  if (parsed.success) {
    if (attack !== undefined && attackersIn(parsed.data).size === 0)
      throw new Failure(
        `--attackers: ${attackers} of ${participants} participants are 0 attackers. Give at least ${Number((1 / participants).toPrecision(2))}, or leave --attack out.`,
      );
    return parsed.data;
  }
  throw new Failure(whatIsWrong(parsed.error.issues[0]!, options));
}

/** In the words of the command. */
function whatIsWrong({ path, message, ...issue }: z.core.$ZodIssue, { strategy, schedule }: Options): string {
  const [, about, ...within] = path.map(String);
  const option = optionOf([about, ...within].join('.'));
  if (about !== 'strategy' && about !== 'schedule') return `${option} ${message}.`;
  const name = about === 'strategy' ? strategy : `--schedule ${schedule}`;
  if (issue.code === 'unrecognized_keys') {
    const options = issue.keys.map((key) => optionOf(`${about}.${key}`)).join(', ');
    return `${name} takes no ${options}. Leave it out, or choose another --${about}.`;
  }
  return message.startsWith('is missing') ? `${name} needs ${option}.` : `${option} ${message}.`;
}

function partitionOf({ partition, by, shardsPerClient, alpha }: Options): SimulationSettings['partition'] {
  const kind = by === 'label' ? 'shards' : (by ?? partition);
  if (kind === 'iid') return { kind };
  return kind === 'shards' ? { kind, each: shardsPerClient } : { kind, alpha };
}

async function writeOutputs({ result, rounds }: Simulated, { json, csv, plot }: Options): Promise<void> {
  const { formatCsv } = await import('../simulation/figures.ts');
  if (json !== undefined) writeJson(json, result);
  if (csv !== undefined) writeWhole(csv, formatCsv(result, rounds));
  if (plot !== undefined) {
    const { describeSimulation } = await import('../simulation/description.ts');
    const { drawLearningCurve } = await import('../simulation/learning-curve.ts');
    const points = [{ round: 0, ...result.initial }, ...result.rounds];
    writeWhole(
      plot,
      drawLearningCurve(points, `${result.task}, ${result.participants} participants`, describeSimulation(result)),
    );
  }
}

function goOn(folder: string | undefined): string {
  return folder === undefined ? '' : ` Go on with: sotto simulate --resume ${folder}`;
}
