import { z } from 'zod';
import { ascii, concat, fromHex, toHex, u16 } from './bytes.ts';
import { Certificate } from './certificate.ts';
import { sha256 } from './digest.ts';
import { deviceIdOf, Hash, PublicKey, Signature } from './ids.ts';
import { MOST_COMMITTEE } from './plan.ts';
import { prefixed, verifySignature } from './signature.ts';

/** What a contributor signs about its upload; the bytes themselves travel apart. */
export const UpdateRecord = z.strictObject({
  key: PublicKey,
  certificate: Certificate.nullable(),
  /** SHA-256 of the packed ciphertext. */
  ciphertext: Hash,
  /** SHA-256 of each sealed box, in committee order. */
  boxes: z.array(Hash).min(1).max(MOST_COMMITTEE),
  signature: Signature,
});
export type UpdateRecord = z.infer<typeof UpdateRecord>;

type Unsigned = Pick<UpdateRecord, 'key' | 'ciphertext' | 'boxes'>;

/** "sotto/v1/update" ‖ planHash ‖ deviceId ‖ SHA-256(ciphertext) ‖ m (u16) ‖ SHA-256(box_1) ‖ … ‖ SHA-256(box_m). */
export function updateString(planHash: string, { key, ciphertext, boxes }: Unsigned): Uint8Array<ArrayBuffer> {
  return updateStringFor(planHash, deviceIdOf(key), ciphertext, boxes);
}

/** The same for a device known by its id alone. */
export function updateStringFor(
  planHash: string,
  deviceId: string,
  ciphertext: string,
  boxes: readonly string[],
): Uint8Array<ArrayBuffer> {
  return prefixed(
    'update',
    fromHex(planHash),
    fromHex(deviceId),
    fromHex(ciphertext),
    u16(boxes.length),
    ...boxes.map(fromHex),
  );
}

/** Whether the device with the record’s key signed exactly these digests for this plan. */
export function verifyUpdateRecord(planHash: string, record: UpdateRecord): Promise<boolean> {
  return verifySignature(record.key, updateString(planHash, record), record.signature);
}

/** An update as a list entry: who, and SHA-256 of the string it signed. */
export interface ListedUpdate {
  readonly device: string;
  readonly digest: string;
}

/** The record as it enters H(candidates) and H(U). */
export function listedUpdate(planHash: string, record: Unsigned): ListedUpdate {
  return { device: deviceIdOf(record.key), digest: toHex(sha256(updateString(planHash, record))) };
}

/** Lists are ascending by device id, which makes them sets with one spelling. */
export function byDevice<T extends { readonly device: string }>(entries: Iterable<T>): T[] {
  return [...entries].sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : 0));
}

/**
 * H(list) of candidates or of U = SHA-256("sotto/v1/list" ‖ deviceId ‖ digest ‖ …), ascending by device id.
 * Binding the signed strings, not only the names, stops a coordinator from showing two members two uploads of one device.
 */
export function listHash(entries: Iterable<ListedUpdate>): string {
  const parts = byDevice(entries).flatMap(({ device, digest }) => [fromHex(device), fromHex(digest)]);
  return toHex(sha256(concat([ascii('sotto/v1/list'), ...parts])));
}
