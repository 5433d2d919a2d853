import { z } from 'zod';
import { hashJson } from './digest.ts';
import { PublicKey, type RoundKey, Signature, Time } from './ids.ts';
import { prefixed, type Signer, verifySignature } from './signature.ts';

/**
 * A committee member's X25519 key for one plan. Boxes are sealed to it; it is deleted once the member has opened (or at the plan's
 * deadline, or after 24 h), after which nobody can open that round's boxes any more: forward secrecy.
 */
export const OneTimeKey = z.strictObject({ key: PublicKey, expiry: Time, signature: Signature });
export type OneTimeKey = z.infer<typeof OneTimeKey>;

export const MAX_ONE_TIME_KEY_LIFETIME_MS = 24 * 3600 * 1000;

/** "sotto/v1/onetime" ‖ SHA-256(canonical JSON {coordinator, task, run, round, group, key, expiry}). */
export function oneTimeKeyString(round: RoundKey, key: string, expiry: number): Uint8Array<ArrayBuffer> {
  const { coordinator, task, run, group } = round;
  return prefixed('oneTimeKey', hashJson({ coordinator, task, run, round: round.round, group, key, expiry }));
}

/** The member signs its X25519 public key (hex) for this one round. */
export async function signOneTimeKey(
  member: Signer,
  round: RoundKey,
  key: string,
  expiry: number,
): Promise<OneTimeKey> {
  return { key, expiry, signature: await member.sign(oneTimeKeyString(round, key, expiry)) };
}

/** Whether the member with this Ed25519 key (hex) gave this one-time key for this round. Whether it still lives is another question. */
export function verifyOneTimeKey(member: string, round: RoundKey, oneTime: OneTimeKey): Promise<boolean> {
  return verifySignature(member, oneTimeKeyString(round, oneTime.key, oneTime.expiry), oneTime.signature);
}
