import { encodingFor, noiseFor } from '@sotto/coordinator/rounds/plan-making';
import { whyGiveUp } from '@sotto/coordinator/rounds/tries';
import { l2Norm } from '@sotto/fl-core/clip';
import { peaksOf, updatesOf } from '@sotto/fl-core/ranges';
import { combineMeans } from '@sotto/fl-core/robust';
import { localTraining } from '@sotto/fl-core/strategy/local-training';
import { whyStopEarly } from '@sotto/fl-core/strategy/progress';
import { advance } from '@sotto/fl-core/strategy/strategy';
import type { LocalResult } from '@sotto/fl-core/update-codec';
import { layout } from '@sotto/he-core/codec';
import { mixSeed } from '@sotto/learner/random';
import { sha256Hex } from '@sotto/protocol/digest';
import { decodeModelFile, encodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf } from '@sotto/protocol/plan';
import { invariant, isRejection } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import { sizeOf } from '@sotto/protocol/safetensors';
import { decodeStateFile, encodeStateFile } from '@sotto/protocol/state-file';
import type { TaskManifest } from '@sotto/protocol/task';
import type { Training } from '@sotto/protocol/training';
import { Failure } from '../failure.ts';
import { isPublished } from './figures.ts';
import { type Forecast, foresee, type Population, whyForsaken } from './forecast.ts';
import { createPlainPart, type OpenedPart } from './plain-part.ts';
import type { SimulatedPublished, SimulatedRound } from './round.ts';

/** A run, as the coordinator would have it, and who takes part. */
export interface PlainRun {
  readonly config: RunConfig;
  readonly task: TaskManifest;
  readonly population: Population;
  /** How the model does that nobody contributed to. */
  readonly initial: { readonly testAccuracy: number; readonly testLoss: number };
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
export interface PlainState {
  /** Model file. */
  readonly model: Uint8Array;
  /** File of what the strategy remembers; null where it keeps nothing. */
  readonly memory: Uint8Array | null;
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
    state = await playRound(run, ports, state, foresee(run.config, run.population, round));
    await onRound(state.rounds.at(-1)!, state);
    const note = whyGiveUp(state.rounds);
    if (note !== null) return { finished: false, note };
  }
}

async function playRound(
  run: PlainRun,
  { learn, evaluate }: PlainPorts,
  before: PlainState,
  { round, cohort, nMax, dropOut, opens }: Forecast,
): Promise<PlainState> {
  const { config, task } = run;
  const model = decodeModelFile(before.model);
  invariant(!isRejection(model), 'a simulation’s own model is a model file');
  const published = before.rounds.filter(isPublished);
  const parameters = model.weights.length;
  const training = localTraining(task.training, config, published.length + 1);
  const at = { round, group: 0, scale: published.at(-1)?.scale ?? null };
  const encoding = encodingFor(config, task, parameters, nMax, at);
  if (isRejection(encoding)) throw new Failure(encoding.message);
  const part = createPlainPart(0, { encoding, noise: noiseFor(config, encoding) });
  let caught = 0;
  const staying = cohort.filter((participant) => dropOut(participant) !== 'before-upload');
  await Promise.all(
    staying.map(async (participant) => {
      const own = mixSeed(config.seed, participant);
      // The two seeds that the participant itself makes of its own: see contributing.ts and sealing/update.ts there.
      const learned = await learn({ round, participant, model: before.model, training, seed: mixSeed(own, round) });
      if (learned === null || part.add(learned, mixSeed(own, ~round))) caught += 1;
    }),
  );
  const bytesPerParameter = layout(coefficientsOf(encoding)).bytes / parameters;
  const over = (ended: SimulatedRound, next: Pick<PlainState, 'model' | 'memory'> = before): PlainState => ({
    model: next.model,
    memory: next.memory,
    bytesPerParameter,
    rounds: [...before.rounds, ended],
  });
  const abandoned = (reason: string) => over({ kind: 'abandoned', round, reason, caught });
  if (part.contributors() < config.minimumCohort) return abandoned('too_few_updates');
  if (!opens) return abandoned('too_few_answers');
  const opened = part.open();
  if (isRejection(opened)) return abandoned(opened.rejected);
  const parts = [opened];
  const mean = combineMeans(parts.map(meanOf), parts.map(weightOf), null, encoding.clip);
  const next = stepModel(config, model, before.memory, mean, encoding.clip);
  const { accuracy, loss } = await evaluate(next.model);
  const counted = (name: string) => parts.reduce((sum, each) => sum + (countOf(each, name) ?? 0), 0);
  const ended: SimulatedPublished = {
    kind: 'published',
    round,
    contributors: parts.reduce((sum, { contributors }) => sum + contributors, 0),
    caught,
    testAccuracy: accuracy,
    testLoss: loss,
    trainAccuracy: counted('examples') > 0 ? counted('correct') / counted('examples') : null,
    model: sha256Hex(next.model),
    state: next.memory && sha256Hex(next.memory),
    norm: l2Norm(mean),
    learningRate: training.optimizer.learningRate,
    ...updatesOf(
      parts,
      peaksOf(
        mean,
        model.tensors.map(({ shape }) => sizeOf(shape)),
      ),
    ),
    sealMs: null,
    uploadBytes: null,
    openMs: null,
  };
  return over(ended, next);
}

const meanOf = ({ mean }: OpenedPart) => mean;
/** What a part counts for: its examples; where noise leaves them uncounted, its contributors. */
const weightOf = (part: OpenedPart) => countOf(part, 'examples') ?? part.contributors;

function countOf({ encoding, metadata }: OpenedPart, name: string): number | undefined {
  return metadata[encoding.metadata.findIndex((entry) => entry.name === name)];
}

/** The next model, and what the strategy remembers, as files. */
function stepModel(
  { strategy }: RunConfig,
  model: ModelFile,
  memory: Uint8Array | null,
  mean: Float64Array,
  clip: number,
): Pick<PlainState, 'model' | 'memory'> {
  const state = memory && decodeStateFile(memory);
  invariant(!isRejection(state), 'what a simulation’s strategy remembers is its own');
  const next = advance({ strategy, weights: model.weights, mean, state, clip });
  return {
    model: encodeModelFile({ ...model, weights: next.weights }),
    memory: next.state && encodeStateFile(next.state),
  };
}
