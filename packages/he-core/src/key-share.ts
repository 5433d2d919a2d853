import { reduce } from './field.ts';
import { ensure } from './invariant-error.ts';
import { SHARE_PRIME } from './params.ts';

/**
 * Shamir's shares over Z_p of each secret on its own polynomial: secret + Σ_{d=1}^{t−1} coefficients[d−1] · x^d, at
 * x = 1 … members. The coefficients (t − 1 rows, each as long as `secrets`) are uniform and used once.
 * Returns one row of shares a member.
 */
export function dealShares(
  secrets: ArrayLike<number>,
  coefficients: readonly Uint16Array[],
  members: number,
): Uint16Array<ArrayBuffer>[] {
  ensure(members > coefficients.length && members < SHARE_PRIME, `cannot deal to ${members} members`);
  return Array.from({ length: members }, (_, index) => {
    const x = index + 1;
    const shares = new Uint16Array(secrets.length);
    for (let i = 0; i < secrets.length; i++) {
      let value = 0;
      for (let d = coefficients.length - 1; d >= 0; d--) value = ((value + coefficients[d]![i]!) * x) % SHARE_PRIME;
      shares[i] = reduce(value + secrets[i]!);
    }
    return shares;
  });
}
