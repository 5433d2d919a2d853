import { z } from 'zod';
import { fromHex, toHex } from './bytes.ts';
import { Certificate } from './certificate.ts';
import { hashJson } from './digest.ts';
import { deviceIdOf, Group, Hash, PublicKey, type RoundKey, RoundNumber, Signature, Slug, Time } from './ids.ts';
import { OneTimeKey } from './one-time-key.ts';
import { Noise } from './privacy.ts';
import { prefixed } from './signature.ts';
import { Training } from './training.ts';

/** Parameter sets of the sealing (see docs/PROTOCOL.md): larger plaintext modulus, fewer contributors. */
export const ProfileName = z.enum(['n47', 'n774', 'n12k', 'n199k']);
export type ProfileName = z.infer<typeof ProfileName>;

/** No floor may go below this: with two contributors each would learn the other's update. */
export const LEAST_COHORT = 3;
export const LEAST_COMMITTEE = 3;
/** A member's place is a u16 and each box is 8 KB, so committees are small. */
export const MOST_COMMITTEE = 64;

/** Least threshold of a committee of m: ⌊2m/3⌋ + 1. Below it two disjoint-enough groups of members could serve two U's. */
export function leastThreshold(members: number): number {
  return Math.floor((2 * members) / 3) + 1;
}

/**
 * With so many of `named` members a round begins, 3 at least: with fewer than could open together if all had come, a member lost later
 * would already cost the round.
 */
export function leastNamed(named: number): number {
  return Math.max(LEAST_COMMITTEE, leastThreshold(Math.min(named, MOST_COMMITTEE)));
}

const CommitteeMember = z.strictObject({
  /** The member's Ed25519 key; its place x is its 1-based position in the plan. */
  key: PublicKey,
  /** Issued by the study key for role `member`; null in a drawn committee, which the coordinator must be trusted not to invent. */
  certificate: Certificate.nullable(),
  oneTime: OneTimeKey,
});
export type CommitteeMember = z.infer<typeof CommitteeMember>;

export const Committee = z.strictObject({
  /** How its members came to be chosen, as the coordinator says: by lot from the cohort, or by name. Plans of old do not say. */
  choice: z.enum(['drawn', 'named']).optional(),
  threshold: z.number().int().min(1),
  members: z.array(CommitteeMember).min(LEAST_COMMITTEE).max(MOST_COMMITTEE),
});
export type Committee = z.infer<typeof Committee>;

/** What every contributor adds besides its delta, one exact integer to a coefficient, in this order. */
export const Metadatum = z.strictObject({
  /** `saturated`: coordinates cut off at ±c. `norm`: L2 norm of what was rounded, in parts of which `bound` make C. */
  name: z.enum(['examples', 'correct', 'lossMilli', 'saturated', 'norm']),
  /** Largest value one contributor may add; bound·nMax < t/2. */
  bound: z.number().int().min(1),
});
export type Metadatum = z.infer<typeof Metadatum>;

export const Encoding = z.strictObject({
  profile: ProfileName,
  /** Most contributors the lanes and the noise leave room for; more are refused. */
  nMax: z.number().int().min(LEAST_COHORT),
  /** Signed lanes to a coefficient, L. */
  lanes: z.number().int().min(1).max(8),
  /** Largest level, λ: levels are integers in [−λ, λ]. */
  lambda: z.number().int().min(1),
  /** Consecutive stretches of the flattened model and their range c: x ∈ [−c, c] ↦ x·λ/c. */
  ranges: z
    .array(z.strictObject({ size: z.number().int().min(1), range: z.number().positive() }))
    .min(1)
    .max(10_000),
  /** What is rounded is rotated before (@sotto/fl-core/rotation says exactly how): it has one range then. */
  rotation: z.strictObject({ seed: z.number().int().min(0).max(0xffff_ffff) }).optional(),
  /** L2 bound C on one contributor's delta, and on the opened mean. */
  clip: z.number().positive(),
  /** Most examples one contributor counts for. */
  exampleCap: z.number().int().min(1),
  /** None where there is noise: what is counted exactly would be opened without any. */
  metadata: z.array(Metadatum).max(16),
});
export type Encoding = z.infer<typeof Encoding>;

/** Absolute times at which the coordinator stops waiting. */
export const Deadlines = z.strictObject({ upload: Time, check: Time, vote: Time, open: Time });
export type Deadlines = z.infer<typeof Deadlines>;

/** The one description of a round. Everything secret in the round is bound to its hash. */
export const Plan = z.strictObject({
  version: z.literal(1),
  coordinator: PublicKey,
  task: Slug,
  run: Slug,
  round: RoundNumber,
  group: Group,
  /** SHA-256 of the model file every contributor starts from. */
  model: Hash,
  training: Training,
  encoding: Encoding,
  /** What every contributor adds to its levels, so that the sum tells little of any one of them; null: nothing. */
  noise: Noise.nullable(),
  committee: Committee,
  minimumCohort: z.number().int().min(LEAST_COHORT),
  deadlines: Deadlines,
  /** Hash of the run's previous transcript; null in its first published round. */
  previous: Hash.nullable(),
});
export type Plan = z.infer<typeof Plan>;

export const SignedPlan = z.strictObject({ plan: Plan, signature: Signature });
export type SignedPlan = z.infer<typeof SignedPlan>;

/** planHash = SHA-256(canonical JSON of the plan). */
export function planHash(plan: Plan): string {
  return toHex(hashJson(plan));
}

/** "sotto/v1/plan" ‖ planHash. */
export function planString(hash: string): Uint8Array<ArrayBuffer> {
  return prefixed('plan', fromHex(hash));
}

/** Where a device keeps its records of the round that the plan describes. */
export function roundKeyOf(plan: Plan): RoundKey {
  const { coordinator, task, run, round, group } = plan;
  return { coordinator, task, run, round, group };
}

/** Number of parameters of the model the plan trains, d. */
export function parametersOf({ ranges }: Pick<Encoding, 'ranges'>): number {
  return ranges.reduce((total, { size }) => total + size, 0);
}

/** Coefficients of an update: ⌈d/L⌉ of lanes, then the metadata, one each. */
export function coefficientsOf(encoding: Encoding): number {
  return Math.ceil(parametersOf(encoding) / encoding.lanes) + encoding.metadata.length;
}

/** 1-based place x of the device with this Ed25519 key in the committee, or 0. */
export function placeOf(committee: Committee, key: string): number {
  return committee.members.findIndex((member) => member.key === key) + 1;
}

/** Device ids in the order of places: place x at index x − 1. */
export function memberIds(committee: Committee): string[] {
  return committee.members.map(({ key }) => deviceIdOf(key));
}
