import { ensureHashes, sha256, utf8 } from './bytes.ts';
import { N } from './params.ts';

/** u64 words drawn at once: at the densest rejection (n47, 1.4 %) 4,096 are accepted but for a 9σ event. */
const DRAWN = N + 128;
const BLOCK = 16;
const ZEROS = new Uint8Array(8 * DRAWN);
const TWO_32 = 2 ** 32;

/** The public randomness of one plan: a key that anybody can derive from the plan's hash. */
export async function openCrs(planHash: Uint8Array): Promise<CryptoKey> {
  ensureHashes(planHash);
  const key = await sha256(utf8('sotto/v1/crs'), planHash);
  return crypto.subtle.importKey('raw', key, 'AES-CTR', false, ['encrypt']);
}

/**
 * Polynomial j of the public randomness, already in the NTT domain in SEAL's order: the AES-256-CTR keystream from
 * counter block BE64(j) ‖ BE64(0), read as little-endian u64, masked to 51 bits, values ≥ q rejected, the first N kept.
 * Writes N (low, high) pairs of u32 into `words`. AES under a public key stands for a random function (ideal cipher
 * model, as FrodoKEM-AES).
 */
export async function expandPolynomial(crs: CryptoKey, j: number, q: number, words: Uint32Array): Promise<void> {
  const qHigh = Math.floor(q / TWO_32);
  const qLow = q - qHigh * TWO_32;
  let at = 0;
  for (let drawn = 0; at < 2 * N; drawn += DRAWN) {
    const stream = await keystream(crs, j, (8 * drawn) / BLOCK);
    for (let i = 0; i < 2 * DRAWN && at < 2 * N; i += 2) {
      const low = stream[i]!;
      const high = stream[i + 1]! & 0x7ffff;
      if (high < qHigh || (high === qHigh && low < qLow)) {
        words[at] = low;
        words[at + 1] = high;
        at += 2;
      }
    }
  }
}

async function keystream(crs: CryptoKey, j: number, block: number): Promise<Uint32Array> {
  const counter = new DataView(new ArrayBuffer(BLOCK));
  counter.setBigUint64(0, BigInt(j));
  counter.setBigUint64(8, BigInt(block));
  return new Uint32Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, crs, ZEROS));
}
