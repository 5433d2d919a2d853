import { z } from 'zod';
import { fromHex, toHex } from './bytes.ts';
import { sha256 } from './digest.ts';

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes in lower-case hexadecimal`);

/** A SHA-256 digest. */
export const Hash = hex(32);
/** A raw Ed25519 or X25519 public key. */
export const PublicKey = hex(32);
/** An Ed25519 signature (RFC 8032). */
export const Signature = hex(64);
/** SHA-256 of the device's raw Ed25519 public key. */
export const DeviceId = hex(32);

/** Names of tasks and runs: they stand in URLs, file names and signed strings. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, 'must be 1 to 64 of a-z, 0-9 and -, with no - at either end');

export const RoundNumber = z.number().int().min(1).max(0xffff_ffff);
/** Of a task, counted from 1. */
export const Revision = z.number().int().min(1).max(1_000_000);
export const Group = z.number().int().min(0).max(0xffff_ffff);
/** Milliseconds since 1970-01-01 UTC. */
export const Time = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** SHA-256 of the raw Ed25519 public key; both hex. @throws RangeError when the key is not hex */
export function deviceIdOf(publicKey: string): string {
  return toHex(sha256(fromHex(publicKey)));
}

/** Where one record of a device lives: a device answers once under each of these. */
export const RoundKey = z.strictObject({
  coordinator: PublicKey,
  task: Slug,
  run: Slug,
  round: RoundNumber,
  group: Group,
});
export type RoundKey = z.infer<typeof RoundKey>;

/** `coordinator/task/run/round/group`. No field can hold a slash, so different keys have different texts. */
export function roundKeyText(key: RoundKey): string {
  return `${key.coordinator}/${key.task}/${key.run}/${key.round}/${key.group}`;
}

/** The part of a round key under which a device's round numbers only ever grow. */
export function runKeyText(key: Pick<RoundKey, 'coordinator' | 'task' | 'run'>): string {
  return `${key.coordinator}/${key.task}/${key.run}`;
}
