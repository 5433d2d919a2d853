import { reduce } from './field.ts';
import { ensure } from './invariant-error.ts';
import { N } from './params.ts';
import type { Rejection } from './rejection.ts';
import { boxAad, unsealBox } from './sealed-box.ts';

export { decodeAnswer, encodeAnswer } from './answer.ts';
export { checkMatrix, checkValues } from './check.ts';
export { generateOneTimeKey } from './sealed-box.ts';
export { decodeOpening, encodeOpening } from './share-vector.ts';

/**
 * Opens the box that device `deviceId` sealed for member x of this plan beside the ciphertext with this hash: N key
 * shares, then the mask shares. `publicKey` belongs to `privateKey`.
 */
export async function openBox(options: {
  box: Uint8Array;
  planHash: Uint8Array;
  deviceId: Uint8Array;
  x: number;
  ciphertextHash: Uint8Array;
  privateKey: CryptoKey;
  publicKey: Uint8Array;
}): Promise<Uint16Array | Rejection> {
  const { box, planHash, deviceId, x, ciphertextHash } = options;
  return unsealBox(box, boxAad(planHash, deviceId, x, ciphertextHash), options);
}

/** A member's opening: Σ of the N key shares of every device of U, mod p. Reveals their sum only; open one U a plan. */
export function sumShares(shares: Iterable<Uint16Array>): Uint16Array {
  const sums = new Float64Array(N);
  for (const share of shares) {
    ensure(share.length >= N, `a share has at least ${N} values, not ${share.length}`);
    for (let i = 0; i < N; i++) sums[i]! += share[i]!;
  }
  return Uint16Array.from(sums, reduce);
}
