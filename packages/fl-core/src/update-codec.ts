import { coefficientsOf, type Encoding, type Metadatum, type Plan, parametersOf } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { clipFactor, l2Norm } from './clip.ts';
import type { Capacity } from './encoding.ts';
import { laneBits, packLanes, unpackLanes } from './lanes.ts';
import { roundWithin } from './privacy/rounding.ts';
import { sensitivityOf } from './privacy/sensitivity.ts';
import { addSkellam } from './privacy/skellam.ts';
import { dequantise, quantise, type RandomWords } from './quantise.ts';
import { rotate, rotateBack } from './rotation.ts';

/** What one contributor learned from its own examples. */
export interface LocalResult {
  /** Weights after minus before, d values. */
  readonly delta: Float32Array;
  readonly examples: number;
  /** Of its own examples, how many the global model classified correctly before training. */
  readonly correct: number;
  /** Sum over its examples of the global model's loss before training, nats. */
  readonly lossSum: number;
}

export interface EncodedUpdate {
  /** Signed integers, one a coefficient: lanes, then metadata. */
  readonly messages: Float64Array<ArrayBuffer>;
  readonly levels: Int32Array<ArrayBuffer>;
  /** ‖δ‖₂ before clipping. */
  readonly norm: number;
}

/**
 * Longer updates are refused, not clipped: training that went so far from where it began has diverged. A task's clip may well be a
 * hundredth of what devices learn.
 */
const MOST_CLIPS = 1000;

/** Of a delta that a device may seal: its L2 norm. */
function checkedNorm(delta: Float32Array, clip: number): number | Rejection<'not_finite' | 'out_of_range'> {
  const norm = l2Norm(delta);
  if (!Number.isFinite(norm))
    return reject(
      'not_finite',
      `Value ${delta.findIndex((value) => !Number.isFinite(value))} of the update is not a finite number: training diverged. Lower the learning rate or look for broken examples.`,
    );
  if (norm > MOST_CLIPS * clip)
    return reject(
      'out_of_range',
      `The update is ${norm.toPrecision(3)} long, more than ${MOST_CLIPS} times what counts (${clip}): training diverged. Lower the learning rate or look for broken examples.`,
    );
  return norm;
}

/** What is rounded of an update, and how much of it was cut off. */
interface Rounded {
  /** L2 norm over the clip. */
  readonly length: number;
  readonly saturated: number;
}

function metadatum(
  { name, bound }: Metadatum,
  { examples, correct, lossSum }: LocalResult,
  { length, saturated }: Rounded,
  cap: number,
): number {
  // One contributor counts for at most `cap` examples; its rates stay what they are.
  const share = Math.min(1, cap / examples);
  const values = {
    examples: examples * share,
    correct: correct * share,
    lossMilli: lossSum * 1000 * share,
    saturated,
    norm: length * bound,
  };
  return Math.min(bound, Math.max(0, Math.round(values[name])));
}

/**
 * One contributor's part of the weighted mean: clip δ to L2 norm C, weigh it by n/cap, rotate it if the plan says so, quantise, pack into
 * lanes, append metadata.
 * n = min(examples, cap). FedAvg (McMahan et al. 2017), one-shot: mean = cap·Σ(n_k/cap)·δ_k / Σn_k.
 * Where the plan asks for noise the weight is 1, what is rounded stays within the sensitivity that the noise is made for, each level gets
 * its noise, and there is no metadata.
 */
export function encodeUpdate(
  result: LocalResult,
  { encoding, noise }: Pick<Plan, 'encoding' | 'noise'>,
  { log2t }: Capacity,
  random: RandomWords,
): EncodedUpdate | Rejection {
  const { exampleCap, clip, lanes, rotation } = encoding;
  if (!Number.isInteger(result.examples) || result.examples < 1)
    return reject('no_examples', 'There is nothing to learn from: add at least one example.');
  if (!Number.isFinite(result.lossSum) || !Number.isFinite(result.correct))
    return reject('not_finite', 'The loss on your examples is not a finite number. Look for broken examples.');
  const norm = checkedNorm(result.delta, clip);
  if (isRejection(norm)) return norm;
  const weight = noise ? 1 : Math.min(result.examples, exampleCap) / exampleCap;
  const scale = clipFactor(norm, clip) * weight;
  const rotated = rotation && rotate(result.delta, rotation);
  const round = () => quantise(rotated ?? result.delta, encoding, scale, random);
  const rounded = noise ? roundWithin(round, sensitivityOf(encoding).l2Squared) : round();
  rotated?.fill(0);
  if (isRejection(rounded)) return rounded;
  const { levels, saturated } = rounded;
  if (noise) addSkellam(levels, noise.variance, random);
  const messages = new Float64Array(coefficientsOf(encoding));
  packLanes(levels, lanes, laneBits(log2t, lanes), messages);
  const at = messages.length - encoding.metadata.length;
  encoding.metadata.forEach((entry, i) => {
    messages[at + i] = metadatum(entry, result, { length: (norm * scale) / clip, saturated }, exampleCap);
  });
  return { messages, levels, norm };
}

export interface OpenedSum {
  /** Σ levels over U, d integers. */
  readonly levels: Float64Array;
  /** Σ metadata over U, in plan order. */
  readonly metadata: number[];
}

/** The opened coefficients back into sums of levels and of metadata. */
export function decodeSum(messages: Float64Array, encoding: Encoding, { log2t }: Capacity): OpenedSum {
  const { lanes, metadata } = encoding;
  const at = messages.length - metadata.length;
  return {
    levels: unpackLanes(messages, lanes, laneBits(log2t, lanes), parametersOf(encoding)),
    metadata: Array.from(messages.subarray(at)),
  };
}

/**
 * The weighted mean of the deltas, clipped to C before use: whatever a ciphertext held, it moves the model by at most C. Where examples are
 * not counted, under noise, every contributor weighs the same.
 * @returns d values, or a Rejection when the opened example count is impossible: Σn ∉ [|U|, cap·|U|].
 */
export function meanDelta(
  { levels, metadata }: OpenedSum,
  encoding: Encoding,
  contributors: number,
): Float64Array | Rejection<'impossible_sum'> {
  const examples = metadata[0];
  if (examples !== undefined && !(examples >= contributors && examples <= encoding.exampleCap * contributors))
    return reject('impossible_sum', `${contributors} contributors cannot have ${examples} examples between them.`);
  const values = dequantise(levels, encoding);
  const sum = encoding.rotation ? rotateBack(values, encoding.rotation) : values;
  const weight = examples === undefined ? 1 / contributors : encoding.exampleCap / examples;
  const factor = weight * clipFactor(l2Norm(sum) * weight, encoding.clip);
  return sum.map((value) => value * factor);
}

/** w ← w + mean, float32. */
export function applyMean(weights: Float32Array, mean: Float64Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(weights, (weight, i) => weight + mean[i]!);
}
