import { ensureHashes, sha256, utf8 } from './bytes.ts';
import { ensure } from './invariant-error.ts';
import { MASKS, N, SHARE_PRIME } from './params.ts';
import { keepResidues } from './uniform.ts';

export type CheckValues = [number, number, number, number];

/**
 * χ, MASKS × N row-major: AES-256-CTR from a zero counter under SHA-256("sotto/v1/check" ‖ planHash ‖ H(candidates)),
 * u16 little-endian words, those ≥ p rejected; row ρ is accepted words ρN … ρN + N − 1. A random low-degree test of all
 * shares at once (SCRAPE, Cascudo–David 2017), fixed only after every dealer has dealt.
 */
export async function checkMatrix(planHash: Uint8Array, candidatesHash: Uint8Array): Promise<Uint16Array> {
  ensureHashes(planHash, candidatesHash);
  const seed = await sha256(utf8('sotto/v1/check'), planHash, candidatesHash);
  const key = await crypto.subtle.importKey('raw', seed, 'AES-CTR', false, ['encrypt']);
  const matrix = new Uint16Array(MASKS * N);
  const zeros = new Uint8Array(2 * matrix.length + 256); // rejections take ~8 bytes
  const counter = new DataView(new ArrayBuffer(16));
  for (let at = 0, block = 0; at < matrix.length; block += zeros.length / 16) {
    counter.setBigUint64(8, BigInt(block));
    const stream = await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, key, zeros);
    at = keepResidues(new Uint16Array(stream), matrix, at);
  }
  return matrix;
}

/** y_ρ = maskShare_ρ + Σ_j χ_ρj · share_j mod p for one dealer's N key shares followed by MASKS mask shares. */
export function checkValues(matrix: Uint16Array, share: Uint16Array): CheckValues {
  ensure(matrix.length === MASKS * N, `a check matrix has ${MASKS} × ${N} values, not ${matrix.length}`);
  ensure(share.length === N + MASKS, `a share has ${N + MASKS} values, not ${share.length}`);
  const row = (rho: number) => {
    let y = share[N + rho]!;
    for (let j = 0, at = rho * N; j < N; j++, at++) y += matrix[at]! * share[j]!; // < 2^44
    return y % SHARE_PRIME;
  };
  return [row(0), row(1), row(2), row(3)];
}
