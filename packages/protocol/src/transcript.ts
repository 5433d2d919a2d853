import { z } from 'zod';
import { base64Bytes } from './base64.ts';
import { fromHex, toHex } from './bytes.ts';
import { hashJson } from './digest.ts';
import { DeviceId, Hash, Signature } from './ids.ts';
import { SignedPlan } from './plan.ts';
import { prefixed } from './signature.ts';
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

/** The public record of a published round: whoever holds it can check who was asked, who answered and what was summed. */
export const TranscriptBody = z.strictObject({
  version: z.literal(1),
  plan: SignedPlan,
  candidates: z.array(UpdateRecord),
  answers: z.array(CheckAnswer),
  /** U, ascending. */
  contributors: z.array(DeviceId),
  /** SHA-256 of the packed summed ciphertext. */
  sum: Hash,
  votes: z.array(Vote),
  openings: z.array(Opening),
  /** The opened metadata, summed over U, in plan order. */
  metadata: z.array(z.number().int()),
  /** SHA-256 of the model file made from the sum. */
  model: Hash,
});
export type TranscriptBody = z.infer<typeof TranscriptBody>;

/** Signed by the coordinator; chained through plan.previous. */
export const Transcript = z.strictObject({ body: TranscriptBody, signature: Signature });
export type Transcript = z.infer<typeof Transcript>;

/** SHA-256 of the canonical JSON of the body, hex: its name, and `previous` in the plan of the next round. */
export function transcriptHash(body: TranscriptBody): string {
  return toHex(hashJson(body));
}

/** "sotto/v1/transcript" ‖ SHA-256(canonical JSON of the body). */
export function transcriptString(hash: string): Uint8Array<ArrayBuffer> {
  return prefixed('transcript', fromHex(hash));
}
