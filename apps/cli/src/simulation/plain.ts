import { spendingOf, whyNoneLeft } from '@sotto/coordinator/rounds/budget';
import { guardedResult, heldOutOf } from '@sotto/coordinator/rounds/outcome';
import { encodingFor, noiseFor } from '@sotto/coordinator/rounds/plan-making';
import { whyGiveUp } from '@sotto/coordinator/rounds/tries';
import { localTraining } from '@sotto/fl-core/strategy/local-training';
import { whyStopEarly } from '@sotto/fl-core/strategy/progress';
import type { LocalResult } from '@sotto/fl-core/update-codec';
import { layout } from '@sotto/he-core/codec';
import { mixSeed } from '@sotto/learner/random';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf, type Plan } from '@sotto/protocol/plan';
import { invariant, isRejection } from '@sotto/protocol/rejection';
import type { RunConfig, RunSummary } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { Training } from '@sotto/protocol/training';
import { Failure } from '../failure.ts';
import { isPublished } from './figures.ts';
import { type Forecast, foresee, whyForsaken } from './forecast.ts';
import { concludePlain, type EndedPart, type Standing } from './plain-conclusion.ts';
import { createPlainPart, type PlainPart } from './plain-part.ts';
import type { Population } from './population.ts';
import { type SimulatedRound, UNMEASURED } from './round.ts';

/** A run, as the coordinator would have it, and who takes part. */
export interface PlainRun {
  readonly config: RunConfig;
  readonly task: TaskManifest;
  readonly population: Population;
  /** How the model does that nobody contributed to. */
  readonly initial: RunSummary['initial'];
}

export interface LearnRequest {
  readonly round: number;
  readonly participant: number;
  /** Model file to start from. */
  readonly model: Uint8Array;
  readonly training: Training;
  readonly seed: number;
}

export interface PlainPorts {
  /** What one participant learns, or pretends to have learned; null when it could not. Asked of a whole cohort at once. */
  readonly learn: (request: LearnRequest) => Promise<LocalResult | null>;
  /** On the held-out examples. */
  readonly evaluate: (model: Uint8Array) => Promise<{ readonly accuracy: number; readonly loss: number }>;
}

/** How far a run has come: the next round follows from this and the run alone. */
export interface PlainState extends Standing {
  readonly rounds: readonly SimulatedRound[];
  /** What the latest ciphertexts would have had; null before the first round. */
  readonly bytesPerParameter: number | null;
}

/** How a run ended. */
export interface RunEnd {
  readonly finished: boolean;
  /** Why it ended before its last round; null when it did not. */
  readonly note: string | null;
}

/**
 * Rounds without sealing: selection, drop-outs, training, clipping, rounding, the integers in their lanes, their sum, the mean and the step
 * are those of the real protocol, by the same code; only what SEAL and sockets do in between, which changes no bit of the sum, is left
 * out. So for one seed the models are those of a sealed simulation, bit for bit.
 * @param onRound  is waited for
 * @throws Failure when the run cannot go on
 */
export async function runPlain(
  run: PlainRun,
  ports: PlainPorts,
  onRound: (ended: SimulatedRound, state: PlainState) => Promise<void> | void,
  from: PlainState,
): Promise<RunEnd> {
  let state = from;
  for (;;) {
    const published = state.rounds.filter(isPublished);
    const enough = published.length >= run.config.rounds;
    const why = whyStopEarly(run.config.earlyStopping, [run.initial, ...published]);
    if (enough || why !== null) return { finished: true, note: enough ? null : why };
    const round = (state.rounds.at(-1)?.round ?? 0) + 1;
    const forsaken = whyForsaken(run.config, run.population, round);
    if (forsaken !== null) throw new Failure(forsaken);
    const forecast = foresee(run.config, run.population, round);
    const plans = planParts(run, state, forecast);
    const spent = whyNoneLeft(run.config, state.rounds, spendingOf(run.config, [], plans).exposures ?? []);
    if (spent !== null) return { finished: true, note: spent };
    state = await playRound(run, ports, state, forecast, plans);
    await onRound(state.rounds.at(-1)!, state);
    const note = whyGiveUp(state.rounds);
    if (note !== null) return { finished: false, note };
  }
}

/** The numbers of each part's plan. */
interface PartPlan extends Pick<Plan, 'group' | 'encoding' | 'noise'> {
  readonly cohort: readonly number[];
}

function planParts({ config, task }: PlainRun, { model, rounds }: PlainState, { round, parts }: Forecast): PartPlan[] {
  const parameters = weightsOf(model).weights.length;
  const scale = rounds.findLast(isPublished)?.scale ?? null;
  return parts.map(({ group, nMax, cohort }) => {
    const encoding = encodingFor(config, task, parameters, nMax, { round, group, scale });
    if (isRejection(encoding)) throw new Failure(encoding.message);
    return { group, cohort, encoding, noise: noiseFor(config, encoding) };
  });
}

async function playRound(
  { config, task, initial }: PlainRun,
  { learn, evaluate }: PlainPorts,
  before: PlainState,
  { round, dropOut, opens }: Forecast,
  plans: readonly PartPlan[],
): Promise<PlainState> {
  const published = before.rounds.filter(isPublished);
  const training = localTraining(task.training, config, published.length + 1);
  const parts = plans.map((plan) => ({ ...plan, part: createPlainPart(plan) }));
  const caught = { caught: 0, tooLong: 0 };
  const learnFor = async (participant: number, part: PlainPart): Promise<void> => {
    const own = mixSeed(config.seed, participant);
    // The two seeds that the participant itself makes of its own: see contributing.ts and sealing/update.ts there.
    const learned = await learn({ round, participant, model: before.model, training, seed: mixSeed(own, round) });
    const refused = learned && part.add(learned, mixSeed(own, ~round));
    if (learned === null || refused) caught.caught += 1;
    if (refused?.rejected === 'out_of_range') caught.tooLong += 1;
  };
  await Promise.all(
    parts.flatMap(({ cohort, part }) =>
      cohort
        .filter((participant) => dropOut(participant) !== 'before-upload')
        .map((participant) => learnFor(participant, part)),
    ),
  );
  const ended = parts.map(({ group, encoding, part }): EndedPart => {
    const contributors = part.contributors();
    const opened = contributors < config.minimumCohort ? 'too_few_updates' : opens ? part.open() : 'too_few_answers';
    return { group, encoding, contributors, opened: isRejection(opened) ? opened.rejected : opened };
  });
  const { told, next } = await concludePlain(
    config,
    weightsOf(before.model),
    {
      memory: before.memory,
      tested: heldOutOf(published.at(-1) ?? initial),
      best: guardedResult(initial, published),
      isFirst: published.length === 0,
    },
    ended,
    evaluate,
  );
  const seen = plans.filter((_, i) => typeof ended[i]!.opened !== 'string');
  const { learningRate } = training.optimizer;
  const common = { round, ...caught, ...spendingOf(config, before.rounds, seen) };
  const rounds: SimulatedRound[] = [
    ...before.rounds,
    told.kind === 'abandoned'
      ? { ...told, learningRate, ...common }
      : { ...told, learningRate, ...UNMEASURED, ...common },
  ];
  const { encoding } = plans[0]!;
  const bytesPerParameter = layout(coefficientsOf(encoding)).bytes / weightsOf(before.model).weights.length;
  return { model: next?.model ?? before.model, memory: next ? next.memory : before.memory, rounds, bytesPerParameter };
}

function weightsOf(model: Uint8Array) {
  const file = decodeModelFile(model);
  invariant(!isRejection(file), 'a simulation’s own model is a model file');
  return file;
}
