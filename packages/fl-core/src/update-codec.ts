import { coefficientsOf, type Encoding, type Metadatum, parametersOf } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { clipFactor, l2Norm } from './clip.ts';
import type { Capacity } from './encoding.ts';
import { laneBits, packLanes, unpackLanes } from './lanes.ts';
import { dequantise, quantise, type RandomWords } from './quantise.ts';

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

function metadatum({ name, bound }: Metadatum, { examples, correct, lossSum }: LocalResult, cap: number): number {
  // One contributor counts for at most `cap` examples; its rates stay what they are.
  const share = Math.min(1, cap / examples);
  const value = { examples, correct, lossMilli: lossSum * 1000 }[name] * share;
  return Math.min(bound, Math.max(0, Math.round(value)));
}

/**
 * One contributor's part of the weighted mean: clip δ to L2 norm C, weigh it by n/cap, quantise, pack into lanes, append metadata.
 * n = min(examples, cap). FedAvg (McMahan et al. 2017), one-shot: mean = cap·Σ(n_k/cap)·δ_k / Σn_k.
 */
export function encodeUpdate(
  result: LocalResult,
  encoding: Encoding,
  { log2t }: Capacity,
  random: RandomWords,
): EncodedUpdate | Rejection {
  const { exampleCap, clip, lanes } = encoding;
  if (!Number.isInteger(result.examples) || result.examples < 1)
    return reject('no_examples', 'There is nothing to learn from: add at least one example.');
  if (!Number.isFinite(result.lossSum) || !Number.isFinite(result.correct))
    return reject('not_finite', 'The loss on your examples is not a finite number. Look for broken examples.');
  const norm = l2Norm(result.delta);
  const weight = Math.min(result.examples, exampleCap) / exampleCap;
  const levels = quantise(result.delta, encoding, clipFactor(norm, clip) * weight, random);
  if (isRejection(levels)) return levels;
  const messages = new Float64Array(coefficientsOf(encoding));
  packLanes(levels, lanes, laneBits(log2t, lanes), messages);
  const at = messages.length - encoding.metadata.length;
  encoding.metadata.forEach((entry, i) => {
    messages[at + i] = metadatum(entry, result, exampleCap);
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
 * The weighted mean of the deltas, clipped to C before use: whatever a ciphertext held, it moves the model by at most C.
 * @returns d values, or a Rejection when the opened example count is impossible: Σn ∉ [|U|, cap·|U|].
 */
export function meanDelta(
  { levels, metadata }: OpenedSum,
  encoding: Encoding,
  contributors: number,
): Float64Array | Rejection<'impossible_sum'> {
  const examples = metadata[0]!;
  if (!(examples >= contributors && examples <= encoding.exampleCap * contributors))
    return reject('impossible_sum', `${contributors} contributors cannot have ${examples} examples between them.`);
  const sum = dequantise(levels, encoding);
  const weight = encoding.exampleCap / examples;
  const factor = weight * clipFactor(l2Norm(sum) * weight, encoding.clip);
  return sum.map((value) => value * factor);
}

/** w ← w + mean, float32. */
export function applyMean(weights: Float32Array, mean: Float64Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(weights, (weight, i) => weight + mean[i]!);
}
