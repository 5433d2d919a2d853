import { decodeSum, type OpenedSum } from '@sotto/fl-core/update-codec';
import { decryptSum } from '@sotto/he-core/decrypt';
import { openBox, sumShares } from '@sotto/he-core/member';
import { type RecoveredKey, recoverSumKey } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { fromHex } from '@sotto/protocol/bytes';
import { deviceIdOf, roundKeyText } from '@sotto/protocol/ids';
import { voteString } from '@sotto/protocol/member-answers';
import { coefficientsOf, placeOf, roundKeyOf } from '@sotto/protocol/plan';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { Vote } from '@sotto/protocol/transcript';
import type { OneTimePrivateKey } from '../src/key-custody.ts';
import { box, ciphertext, type Device, hashOf, type Made, must, type Upload } from './room.ts';

/** What devices and a coordinator that conspire can work out of their keys and of what passes by: the arithmetic alone, past every rule. */

/** A vote signed past the member's memory. */
export async function voteOf(
  { identity }: Device,
  { hash, plan }: Made,
  uploads: readonly Upload[],
): Promise<Vote & { readonly contributors: string }> {
  const contributors = hashOf(hash, uploads);
  const signature = await identity.sign(voteString(hash, contributors));
  return { x: placeOf(plan.committee, identity.publicKey), contributors, signature };
}

/** The share of the key behind an upload that lies in a member's box, or in another sealed in its place; undefined once its one-time key is gone. */
export async function shareOf(
  { identity, vault }: Device,
  { hash, plan }: Made,
  upload: Upload,
  sealed?: Uint8Array,
): Promise<Uint16Array | undefined> {
  const key = (await vault.get('one-time-keys', roundKeyText(roundKeyOf(plan)))) as OneTimePrivateKey | undefined;
  if (!key) return undefined;
  const { record } = upload;
  const x = placeOf(plan.committee, identity.publicKey);
  return must(
    await openBox({
      box: sealed ?? box(upload, x),
      planHash: fromHex(hash),
      deviceId: fromHex(deviceIdOf(record.key)),
      x,
      ciphertextHash: fromHex(record.ciphertext),
      privateKey: key.privateKey,
      publicKey: fromHex(key.publicKey),
    }),
  );
}

/** What these members would open for these uploads, by place. */
export async function openingsOf(
  members: readonly Device[],
  made: Made,
  uploads: readonly Upload[],
): Promise<Map<number, Uint16Array>> {
  const openings = new Map<number, Uint16Array>();
  for (const member of members) {
    const shares = await Promise.all(uploads.map((upload) => shareOf(member, made, upload)));
    const known = shares.filter((share) => share !== undefined);
    if (known.length === uploads.length)
      openings.set(placeOf(made.plan.committee, member.identity.publicKey), sumShares(known));
  }
  return openings;
}

/** The sum of these uploads, if these openings are of its key. */
export async function decrypt(
  { hash, plan }: Made,
  uploads: readonly Upload[],
  openings: ReadonlyMap<number, Uint16Array>,
): Promise<(OpenedSum & RecoveredKey) | Rejection> {
  const { encoding, committee } = plan;
  const { profile } = encoding;
  const coefficients = coefficientsOf(encoding);
  using sum = await createSum({ profile, coefficients });
  for (const upload of uploads) must(sum.add(ciphertext(upload)) ?? {});
  const packed = sum.finish();
  let messages = new Float64Array();
  const recovered = await recoverSumKey({
    threshold: committee.threshold,
    openings,
    async accept(sumKey) {
      const planHash = fromHex(hash);
      const contributors = uploads.length;
      const opened = await decryptSum({ profile, planHash, coefficients, sum: packed, sumKey, contributors });
      if (isRejection(opened)) return false;
      messages = Float64Array.from(opened.messages);
      return true;
    },
  });
  if (isRejection(recovered)) return recovered;
  return { ...decodeSum(messages, encoding, PROFILES[profile]), ...recovered };
}
