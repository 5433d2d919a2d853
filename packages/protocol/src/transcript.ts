import { z } from 'zod';
import { base64Bytes } from './base64.ts';
import { fromHex, toHex } from './bytes.ts';
import { hashJson } from './digest.ts';
import { DeviceId, Group, Hash, Signature } from './ids.ts';
import { type Plan, SignedPlan } from './plan.ts';
import { Groups, Guard, Robust } from './robustness.ts';
import { prefixed } from './signature.ts';
import { Strategy } from './strategy.ts';
import { UpdateRecord } from './update-record.ts';

const Place = z.number().int().min(1).max(0xffff);

/** A member's signed answer to the check, as it stands in the transcript. */
export const CheckAnswer = z.strictObject({ x: Place, answer: base64Bytes(), signature: Signature });
export type CheckAnswer = z.infer<typeof CheckAnswer>;

/** A member's signature under one U. */
export const Vote = z.strictObject({ x: Place, signature: Signature });
export type Vote = z.infer<typeof Vote>;

/** A member's signed opening: N = 4096 elements of Z_p as u16 little-endian. */
export const Opening = z.strictObject({ x: Place, shares: base64Bytes(2 * 4096), signature: Signature });
export type Opening = z.infer<typeof Opening>;

/** What one sum has to show for itself: who was asked, who answered, what was summed and who opened it. */
export const RoundEvidence = z.strictObject({
  plan: SignedPlan,
  candidates: z.array(UpdateRecord),
  answers: z.array(CheckAnswer),
  /** U, ascending. */
  contributors: z.array(DeviceId),
  /** SHA-256 of the packed summed ciphertext. */
  sum: Hash,
  votes: z.array(Vote),
  openings: z.array(Opening),
  /** The opened metadata, summed over U, in plan order; none where the plan has none. */
  metadata: z.array(z.number().int()),
});
export type RoundEvidence = z.infer<typeof RoundEvidence>;

/** How a model does on the held-out examples of the coordinator. */
const HeldOut = z.strictObject({
  accuracy: z.number(),
  /** Mean, nats; null where it is no number. */
  loss: z.number().nullable(),
});
export type HeldOut = z.infer<typeof HeldOut>;

/** A group whose sum was opened; a round without groups has one of these. */
export const OpenedPart = RoundEvidence.extend({
  /** SHA-256 of its mean, in L2 norm at most C, as `encodeMeanFile` spells it. */
  mean: Hash,
  /** How the model before would do with this mean alone; null where nobody tried. */
  alone: HeldOut.nullable(),
  /** Whether its mean counts in that of the round: not when the gate left it out. */
  kept: z.boolean(),
});
export type OpenedPart = z.infer<typeof OpenedPart>;

/** A group that came to no sum. */
const UnopenedPart = z.strictObject({
  group: Group,
  /** Hash of its plan; null where there was none yet. */
  plan: Hash.nullable(),
  reason: z.string(),
});
export type UnopenedPart = z.infer<typeof UnopenedPart>;

/** As rounds were recorded before they had groups and strategies: one sum, whose mean was added to the model. */
const FirstBody = RoundEvidence.extend({
  version: z.literal(1),
  /** SHA-256 of the model file made from the sum. */
  model: Hash,
});

export const RoundBody = z.strictObject({
  version: z.literal(2),
  /** In ascending order of their plans' group. */
  parts: z.array(OpenedPart).min(1),
  /** The groups that came to no sum, ascending. */
  unopened: z.array(UnopenedPart),
  /** How one model was made of the means: as the run was started, the same in all its rounds. */
  strategy: Strategy,
  groups: Groups.nullable(),
  robust: Robust.nullable(),
  guard: Guard,
  /** What gate and guard went by: the model before the round, the one after, and the best that the run had published; before there is any, that before. */
  heldOut: z.strictObject({ before: HeldOut, best: HeldOut, after: HeldOut }),
  /** SHA-256 of the round's mean, made of those of the parts that are kept. */
  mean: Hash,
  /** SHA-256 of what the strategy remembers, before and after this round; null where that is nothing. */
  state: z.strictObject({ before: Hash.nullable(), after: Hash.nullable() }),
  /** SHA-256 of the model file made of the model before and the round's mean. */
  model: Hash,
});
export type RoundBody = z.infer<typeof RoundBody>;

/** The public record of a published round: whoever holds it can check who was asked, who answered, what was summed and what was made of it. */
export const TranscriptBody = z.discriminatedUnion('version', [FirstBody, RoundBody]);
export type TranscriptBody = z.infer<typeof TranscriptBody>;

/** Signed by the coordinator; chained through the plans' `previous`. */
export const Transcript = z.strictObject({ body: TranscriptBody, signature: Signature });
export type Transcript = z.infer<typeof Transcript>;

/** What each opened sum of the round has to show: of one group after another, or of the whole round. */
export function partsOf(body: TranscriptBody): readonly [RoundEvidence, ...RoundEvidence[]] {
  return body.version === 1 ? [body] : (body.parts as [OpenedPart, ...OpenedPart[]]);
}

/** The plan of the round's first part. All of them agree on the run, the round, the model before and the previous transcript. */
export function roundPlanOf(body: TranscriptBody): Plan {
  return partsOf(body)[0].plan.plan;
}

/** Everybody whose update is in one of the sums. */
export function contributorsOf(body: TranscriptBody): string[] {
  return partsOf(body).flatMap(({ contributors }) => contributors);
}

/** SHA-256 of the canonical JSON of the body, hex: its name, and `previous` in the plan of the next round. */
export function transcriptHash(body: TranscriptBody): string {
  return toHex(hashJson(body));
}

/** "sotto/v1/transcript" ‖ SHA-256(canonical JSON of the body). */
export function transcriptString(hash: string): Uint8Array<ArrayBuffer> {
  return prefixed('transcript', fromHex(hash));
}
