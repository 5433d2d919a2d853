import { encodingFor } from '@sotto/coordinator/rounds/plan-making';
import { whyGiveUp } from '@sotto/coordinator/rounds/tries';
import { peaksOf, updatesOf } from '@sotto/fl-core/ranges';
import { applyMean, decodeSum, encodeUpdate, type LocalResult, meanDelta } from '@sotto/fl-core/update-codec';
import { layout } from '@sotto/he-core/codec';
import { PROFILES } from '@sotto/he-core/params';
import { mixSeed } from '@sotto/learner/random';
import { roundingWords } from '@sotto/participant/sealing/rounding';
import { toHex } from '@sotto/protocol/bytes';
import { sha256 } from '@sotto/protocol/digest';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf, type Encoding } from '@sotto/protocol/plan';
import { invariant, isRejection } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import { sizeOf } from '@sotto/protocol/safetensors';
import type { TaskManifest } from '@sotto/protocol/task';
import type { Training } from '@sotto/protocol/training';
import { Failure } from '../failure.ts';
import { type Forecast, foresee, type Population, whyForsaken } from './forecast.ts';
import type { SimulatedRound } from './round.ts';

/** A run, as the coordinator would have it, and who takes part. */
export interface PlainRun {
  readonly config: RunConfig;
  readonly task: TaskManifest;
  readonly population: Population;
}

export interface LearnRequest {
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
  const published = () => state.rounds.filter(({ kind }) => kind === 'published').length;
  while (published() < run.config.rounds) {
    const round = (state.rounds.at(-1)?.round ?? 0) + 1;
    const forsaken = whyForsaken(run.config, run.population, round);
    if (forsaken !== null) throw new Failure(forsaken);
    const { ended, ...next } = await playRound(run, ports, state, foresee(run.config, run.population, round));
    state = { ...next, rounds: [...state.rounds, ended] };
    await onRound(ended, state);
    const note = whyGiveUp(state.rounds);
    if (note !== null) return { finished: false, note };
  }
  return { finished: true, note: null };
}

async function playRound(
  run: PlainRun,
  { learn, evaluate }: PlainPorts,
  { model, rounds }: PlainState,
  { round, cohort, nMax, dropOut, opens }: Forecast,
): Promise<Omit<PlainState, 'rounds'> & { readonly ended: SimulatedRound }> {
  const { config, task } = run;
  const before = decodeModelFile(model);
  invariant(!isRejection(before), 'a simulation’s own model is a model file');
  const latest = rounds.findLast((ended) => ended.kind === 'published');
  const at = { round, group: 0, scale: latest?.scale ?? null };
  const encoding = encodingFor(config, task, before.weights.length, nMax, at);
  if (isRejection(encoding)) throw new Failure(encoding.message);
  const sum = createPlainSum(encoding);
  let caught = 0;
  const staying = cohort.filter((participant) => dropOut(participant) !== 'before-upload');
  await Promise.all(
    staying.map(async (participant) => {
      const own = seedOf(config.seed, participant);
      // The two seeds that the participant itself makes of its own: see contributing.ts and sealing/update.ts there.
      const learned = await learn({ participant, model, training: task.training, seed: mixSeed(own, round) });
      if (learned === null || !sum.add(learned, mixSeed(own, ~round))) caught += 1;
    }),
  );
  const bytesPerParameter = layout(coefficientsOf(encoding)).bytes / before.weights.length;
  const abandoned = (reason: string) => ({
    ended: { kind: 'abandoned' as const, round, reason, caught },
    model,
    bytesPerParameter,
  });
  if (sum.contributors() < config.minimumCohort) return abandoned('too_few_updates');
  if (!opens) return abandoned('too_few_answers');
  const opened = decodeSum(sum.messages, encoding, PROFILES[encoding.profile]);
  const mean = meanDelta(opened, encoding, sum.contributors());
  if (isRejection(mean)) return abandoned(mean.rejected);
  const after = encodeModelFile({ ...before, weights: applyMean(before.weights, mean) });
  const { accuracy, loss } = await evaluate(after);
  const counted = (name: string) => opened.metadata[encoding.metadata.findIndex((entry) => entry.name === name)] ?? 0;
  const ended: SimulatedRound = {
    kind: 'published',
    round,
    contributors: sum.contributors(),
    caught,
    sealMs: null,
    uploadBytes: null,
    openMs: null,
    testAccuracy: accuracy,
    testLoss: loss,
    trainAccuracy: counted('examples') > 0 ? counted('correct') / counted('examples') : null,
    model: toHex(sha256(after)),
    ...updatesOf(
      [{ encoding, contributors: sum.contributors(), metadata: opened.metadata }],
      peaksOf(
        mean,
        before.tensors.map(({ shape }) => sizeOf(shape)),
      ),
    ),
  };
  return { ended, model: after, bytesPerParameter };
}

/** One participant's seed of the simulation's. */
export function seedOf(seed: number, participant: number): number {
  return mixSeed(seed, participant);
}

/** The messages of updates, added as numbers. Exact in any order, so that updates need not be kept: memory is O(model). */
function createPlainSum(encoding: Encoding) {
  const messages = new Float64Array(coefficientsOf(encoding));
  let contributors = 0;
  return {
    messages,
    contributors: () => contributors,
    /** @returns false when the update is refused on the device itself */
    add(learned: LocalResult, roundingSeed: number): boolean {
      const encoded = encodeUpdate(learned, encoding, PROFILES[encoding.profile], roundingWords(roundingSeed));
      if (isRejection(encoded)) return false;
      for (let i = 0; i < messages.length; i++) messages[i]! += encoded.messages[i]!;
      contributors += 1;
      return true;
    },
  };
}
