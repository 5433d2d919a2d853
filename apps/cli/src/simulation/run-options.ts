import { type Command, Option } from 'commander';
import { numberWithin, probability, wholeNumber } from '../arguments.ts';

/** Options of a command that say how a run goes. Undefined: as the run's own defaults say. */
export interface RunOptions {
  readonly rounds?: number;
  readonly committee: 'drawn' | 'named';
  readonly fractionFit?: number;
  readonly strategy: string;
  readonly eta?: number;
  readonly etaL?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly tau?: number;
  readonly serverLearningRate?: number;
  readonly serverMomentum?: number;
  readonly proximalMu?: number;
  readonly schedule: string;
  readonly scheduleEvery?: number;
  readonly scheduleFactor?: number;
  readonly scheduleLeast?: number;
  readonly warmup?: number;
  readonly earlyStopping?: string;
  readonly patience: number;
  readonly minDelta?: number;
  readonly lanes?: number | 'auto';
  readonly bits?: number;
  readonly rotation: 'auto' | 'on' | 'off';
  readonly ranges: 'adaptive' | 'fixed';
  readonly groups?: number;
  readonly leastGroups?: number;
  readonly robust?: string;
  readonly trim?: number;
  readonly gate: 'on' | 'off';
  readonly tolerance?: number;
  readonly mostDrop?: number;
  readonly mostRise?: number;
  readonly dpEpsilon?: number;
  readonly noiseMultiplier?: number;
  readonly dpDelta?: number;
  readonly dpContributors?: number;
  readonly dpClip?: number;
}

/** An option that means nothing without one of others, or unless that has a certain value. */
export interface Dependent {
  readonly option: string;
  readonly needs: readonly string[];
  readonly of?: readonly string[];
}

const PRIVACY = ['dpEpsilon', 'noiseMultiplier'];
export const DEPENDENT: readonly Dependent[] = [
  { option: 'patience', needs: ['earlyStopping'] },
  { option: 'minDelta', needs: ['earlyStopping'] },
  { option: 'leastGroups', needs: ['groups'] },
  { option: 'trim', needs: ['robust'], of: ['trimmed-mean'] },
  { option: 'gate', needs: ['robust'] },
  { option: 'tolerance', needs: ['robust'] },
  { option: 'bits', needs: ['lanes'], of: ['auto'] },
  { option: 'dpDelta', needs: PRIVACY },
  { option: 'dpContributors', needs: PRIVACY },
  { option: 'dpClip', needs: PRIVACY },
];

const positive = numberWithin(1e-12, 1000);
const share = numberWithin(0, 1);
const someShare = numberWithin(1e-9, 1);

export function addRunOptions(command: Command): Command {
  return command
    .optionsGroup('Rounds:')
    .option('--rounds <n>', 'how many (default: the task’s)', wholeNumber(1, 100_000))
    .option('--fraction-fit <share>', 'of the participants, how many are asked in a round (default: all)', someShare)
    .addOption(
      new Option('--committee <kind>', 'drawn from the cohort, or named by a study key')
        .choices(['drawn', 'named'])
        .default('drawn'),
    )
    .addOption(new Option('--early-stopping <metric>', 'end once this no longer gains').choices(['loss', 'accuracy']))
    .option('--patience <n>', 'of --early-stopping: rounds in a row', wholeNumber(1, 100_000), 5)
    .option('--min-delta <x>', 'of --early-stopping: what counts as a gain', numberWithin(0, 100))
    .optionsGroup('Strategy, by Flower’s names:')
    .addOption(
      new Option('--strategy <name>', 'what is made of a round’s mean')
        .choices(['FedAvg', 'FedAvgM', 'FedProx', 'FedAdam', 'FedYogi', 'FedAdagrad'])
        .default('FedAvg'),
    )
    .option('--eta <x>', 'server’s learning rate (FedAdam, FedYogi, FedAdagrad)', positive)
    .option('--eta-l <x>', 'participants’ learning rate (the same)', positive)
    .option('--beta-1 <x>', 'first moment (FedAdam, FedYogi)', probability)
    .option('--beta-2 <x>', 'second moment (FedAdam, FedYogi)', probability)
    .option('--tau <x>', 'adaptability (FedAdam, FedYogi, FedAdagrad)', positive)
    .option('--server-learning-rate <x>', 'of FedAvgM', positive)
    .option('--server-momentum <x>', 'of FedAvgM', probability)
    .option('--proximal-mu <x>', 'of FedProx', numberWithin(0, 1000))
    .addOption(
      new Option('--schedule <name>', 'of the participants’ learning rate')
        .choices(['constant', 'step', 'exponential', 'cosine'])
        .default('constant'),
    )
    .option('--schedule-every <n>', 'rounds, of --schedule step', wholeNumber(1, 100_000))
    .option('--schedule-factor <x>', 'of --schedule step and exponential', someShare)
    .option('--schedule-least <share>', 'of --schedule cosine', share)
    .option('--warmup <n>', 'rounds in which the learning rate rises', wholeNumber(0, 100_000))
    .optionsGroup('Bytes:')
    .option(
      '--lanes <n>',
      'weights to a coefficient; auto: the most, of four, that leave --bits to each',
      lanes,
      'auto',
    )
    .option('--bits <n>', 'of --lanes auto', wholeNumber(2, 24))
    .addOption(
      new Option('--rotation <state>', 'of updates before they are rounded; auto: where levels are few')
        .choices(['auto', 'on', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option('--ranges <kind>', 'of weights: as earlier rounds were opened, or always those of the first')
        .choices(['adaptive', 'fixed'])
        .default('adaptive'),
    )
    .optionsGroup('Robustness:')
    .option('--groups <n>', 'open each round in so many random groups', wholeNumber(2, 64))
    .option('--least-groups <n>', 'fewer opened groups make no model (default: more than half)', wholeNumber(1, 64))
    .addOption(
      new Option('--robust <rule>', 'how the means of groups become one (default: weighted)').choices([
        'median',
        'trimmed-mean',
      ]),
    )
    .option('--trim <share>', 'of --robust trimmed-mean: groups left out at each end', numberWithin(0, 0.499))
    .addOption(
      new Option('--gate <state>', 'of --robust: leave groups out that alone make the model worse')
        .choices(['on', 'off'])
        .default('on'),
    )
    .option('--tolerance <share>', 'of --gate: accuracy that a group may cost', share)
    .option('--most-drop <share>', 'accuracy that a round may cost', share)
    .option('--most-rise <nats>', 'what a round may add to the loss', numberWithin(0, 1000))
    .optionsGroup('Privacy:')
    .option(
      '--dp-epsilon <x>',
      'ε that the whole run may spend: every contributor adds noise',
      numberWithin(0.01, 1000),
    )
    .option(
      '--noise-multiplier <z>',
      'how much noise each round has, instead of what ε leaves',
      numberWithin(0.01, 1000),
    )
    .option('--dp-delta <x>', 'δ (default: 1e-5, or less for very many)', numberWithin(1e-30, 0.01))
    .option(
      '--dp-contributors <n>',
      'how many contributors’ noise is counted on in each sum (default: two thirds of those asked)',
      wholeNumber(1, 200_000),
    )
    .option(
      '--dp-clip <length>',
      'of an update, L2: noise is as loud as that (default: the task’s clip)',
      numberWithin(1e-9, 1e9),
    );
}

const lanes = (text: string) => (text === 'auto' ? text : wholeNumber(1, 8)(text));

/** What the run is asked to be, of so many participants. What does not fit together is said where it is read. */
export function runOf(options: RunOptions, participants: number): Record<string, unknown> {
  const { rounds, committee, fractionFit, rotation, lanes, bits, ranges } = options;
  return given({
    rounds,
    committee,
    fractionFit,
    strategy: strategyOf(options),
    schedule: scheduleOf(options),
    earlyStopping: earlyStoppingOf(options),
    lanes,
    bits,
    rotation: rotation === 'auto' ? rotation : rotation === 'on',
    ranges,
    groups: groupsOf(options),
    robust: robustOf(options),
    guard: given({ mostDrop: options.mostDrop, mostRise: options.mostRise }),
    dp: privacyOf(options, participants),
  });
}

function strategyOf(options: RunOptions): object {
  return given({
    name: options.strategy,
    eta: options.eta,
    eta_l: options.etaL,
    beta_1: options.beta1,
    beta_2: options.beta2,
    tau: options.tau,
    server_learning_rate: options.serverLearningRate,
    server_momentum: options.serverMomentum,
    proximal_mu: options.proximalMu,
  });
}

function scheduleOf({ schedule, scheduleEvery, scheduleFactor, scheduleLeast, warmup }: RunOptions): object {
  return given({ name: schedule, every: scheduleEvery, factor: scheduleFactor, least: scheduleLeast, warmup });
}

function earlyStoppingOf({ earlyStopping, patience, minDelta }: RunOptions): object | undefined {
  return earlyStopping === undefined ? undefined : given({ metric: earlyStopping, patience, minDelta });
}

function groupsOf({ groups: count, leastGroups }: RunOptions): object | undefined {
  return count === undefined ? undefined : given({ count, least: leastGroups });
}

function robustOf({ robust, trim, gate, tolerance }: RunOptions): object | undefined {
  return robust === undefined ? undefined : given({ rule: robust, trim, gate: gate === 'on', tolerance });
}

function privacyOf(options: RunOptions, participants: number): object | undefined {
  const {
    dpEpsilon: epsilon,
    noiseMultiplier,
    dpDelta: delta,
    dpContributors,
    dpClip: clip,
    fractionFit = 1,
    groups = 1,
  } = options;
  if (epsilon === undefined && noiseMultiplier === undefined) return undefined;
  const asked = Math.ceil(fractionFit * participants);
  // Each group has a sum of its own.
  const contributors = dpContributors ?? Math.max(3, Math.floor((2 / 3) * Math.floor(asked / groups)));
  return given({ epsilon, noiseMultiplier, delta, contributors, clip });
}

/** Without what was left out. */
function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
