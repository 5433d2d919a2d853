import type { Judgement } from '@sotto/he-core/opening';
import type { Encoding, ProfileName } from '@sotto/protocol/plan';
import type { Rejection } from '@sotto/protocol/rejection';
import type { Robust } from '@sotto/protocol/robustness';
import type { UpdateScale } from '@sotto/protocol/run';
import type { Strategy } from '@sotto/protocol/strategy';
import type { UpdateRecord } from '@sotto/protocol/update-record';

/** How the ciphertexts of one plan look. */
export interface Shape {
  readonly profile: ProfileName;
  readonly coefficients: number;
}

export interface Upload extends Shape {
  /** Blob of ciphertext ‖ box_1 ‖ … ‖ box_m. */
  readonly blob: string;
  readonly record: Pick<UpdateRecord, 'ciphertext' | 'boxes'>;
}

export interface SumRequest extends Shape {
  /** Blobs that begin with one contributor's ciphertext each. */
  readonly blobs: readonly string[];
  /** Where the packed sum goes. */
  readonly into: string;
}

export interface JudgeRequest {
  readonly threshold: number;
  readonly candidates: number;
  /** [x, encoded answer], each accepted by `decodeAnswer` before. */
  readonly answers: readonly (readonly [number, Uint8Array])[];
}

export interface OpenRequest {
  readonly planHash: string;
  readonly encoding: Encoding;
  readonly threshold: number;
  /** |U|. */
  readonly contributors: number;
  /** Blob of the packed sum. */
  readonly sum: string;
  /** [x, encoded opening]. */
  readonly openings: readonly (readonly [number, Uint8Array])[];
  /** Whether to hand out the opened levels: only a simulation looks at them. */
  readonly wantsLevels: boolean;
}

export interface OpenedMean {
  /** SHA-256 of the mean, clipped to C: now a blob. */
  readonly mean: string;
  /** Sums over U, in plan order. */
  readonly metadata: readonly number[];
  /** Places whose opening alone contradicts the others. */
  readonly blamed: readonly number[];
  /** Σ levels over U, d integers; null unless wanted. */
  readonly levels: Float64Array<ArrayBuffer> | null;
}

export interface CombineRequest {
  /** SHA-256 of the opened mean of each part of the round. */
  readonly means: readonly string[];
  /** What each counts for: its examples, or its contributors. */
  readonly weights: readonly number[];
  /** How groups that mislead are outvoted; null: every part counts by its weight. */
  readonly robust: Pick<Robust, 'rule' | 'trim'> | null;
  /** C: the bound on the combined mean. */
  readonly clip: number;
}

export interface StepRequest {
  /** SHA-256 of the model every contributor started from. */
  readonly model: string;
  /** The new model's blob is called this, then a slash and its hash. */
  readonly models: string;
  /** SHA-256 of the round's mean. */
  readonly mean: string;
  readonly strategy: Strategy;
  /** SHA-256 of the strategy's state after the run's last published round; null before the first, and where it keeps none. */
  readonly state: string | null;
  /** C: the model moves by no more in L2 norm. */
  readonly clip: number;
}

export interface Stepped {
  /** SHA-256 of the new model file, now a blob under `models`. */
  readonly model: string;
  /** SHA-256 of the strategy's new state, now a blob; null where it keeps none. */
  readonly state: string | null;
  /** L2 norm of the mean: C where it had to be clipped. */
  readonly norm: number;
  /** Of each tensor in the mean, for the ranges of the next round. */
  readonly peaks: NonNullable<UpdateScale['peaks']>;
}

/**
 * The heavy arithmetic over blobs, away from whoever answers messages. Memory is O(model): contributors' ciphertexts are read one after
 * another. Every call may be repeated and then does the same again.
 */
export interface Engine {
  /** Undefined when digests, lengths and residues of an upload are what its record says. */
  verify(upload: Upload): Promise<Rejection | undefined>;
  /** SHA-256 of the packed sum. */
  sum(request: SumRequest): Promise<string | Rejection>;
  /** The degree test. */
  judge(request: JudgeRequest): Promise<Judgement | Rejection>;
  /** Recovers the sum key, decrypts (both with their residual tests), and takes the mean. */
  open(request: OpenRequest): Promise<OpenedMean | Rejection>;
  /** One mean of the parts' means; a blob. Of one part it is its own. */
  combine(request: CombineRequest): Promise<{ readonly mean: string }>;
  /** Makes the next model of the round's mean. */
  step(request: StepRequest): Promise<Stepped>;
  close(): Promise<void>;
}
