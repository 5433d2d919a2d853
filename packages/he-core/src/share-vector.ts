import { N, SHARE_PRIME } from './params.ts';
import { type Rejection, reject } from './rejection.ts';

/** Elements of Z_p as u16 little-endian. */
export function encodeVector(values: Uint16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    bytes[2 * i] = values[i]! & 0xff;
    bytes[2 * i + 1] = values[i]! >>> 8;
  }
  return bytes;
}

/** The values and the place of the first one ≥ p, or −1. `bytes` has an even length. */
export function decodeVector(bytes: Uint8Array): { values: Uint16Array; bad: number } {
  const values = new Uint16Array(bytes.length / 2);
  let bad = -1;
  for (let i = 0; i < values.length; i++) {
    values[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8);
    if (bad < 0 && values[i]! >= SHARE_PRIME) bad = i;
  }
  return { values, bad };
}

/** A member's opening, N × u16 little-endian: Σ_{i∈U} share_i mod p. */
export function encodeOpening(opening: Uint16Array): Uint8Array<ArrayBuffer> {
  return encodeVector(opening);
}

/** Strict: exactly N values, each below p. */
export function decodeOpening(bytes: Uint8Array): Uint16Array | Rejection {
  if (bytes.length !== 2 * N) {
    return reject('opening_length', `opening has ${bytes.length} bytes; expected exactly ${2 * N}`);
  }
  const { values, bad } = decodeVector(bytes);
  return bad < 0 ? values : reject('opening_value', `value ${bad} of the opening is not below p = ${SHARE_PRIME}`);
}
