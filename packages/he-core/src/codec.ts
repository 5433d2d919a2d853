import { InvariantError } from './invariant-error.ts';
import { LEAST_SENT, N, RESIDUE_BITS } from './params.ts';
import { type Rejection, reject } from './rejection.ts';

const TWO_32 = 2 ** 32;
const HIGH_MASK = 0x7ffff;

export interface Layout {
  /** Polynomials of N coefficients that the messages fill, the last one perhaps partly. */
  readonly polynomials: number;
  /** u: coefficients of the last polynomial that travel, 64 … N. */
  readonly lastUsed: number;
  /** Residues that travel: (polynomials − 1) · N + u. */
  readonly sent: number;
  /** ⌈51 · sent / 8⌉; all but the last polynomial fill whole bytes. */
  readonly bytes: number;
}

/** How `coefficients` messages travel. Throws an InvariantError unless it is a positive integer. */
export function layout(coefficients: number): Layout {
  if (!Number.isSafeInteger(coefficients) || coefficients < 1) {
    throw new InvariantError(`layout: ${coefficients} coefficients; expected a positive integer`);
  }
  const polynomials = Math.ceil(coefficients / N);
  const lastUsed = Math.max(LEAST_SENT, coefficients - (polynomials - 1) * N);
  const sent = (polynomials - 1) * N + lastUsed;
  return { polynomials, lastUsed, sent, bytes: packedLength(sent) };
}

/** Coefficients of polynomial j that travel. */
export function sentOf(shape: Layout, polynomial: number): number {
  return polynomial === shape.polynomials - 1 ? shape.lastUsed : N;
}

function packedLength(residues: number): number {
  return Math.ceil((RESIDUE_BITS * residues) / 8);
}

/** Packs residues (exact integers in [0, 2^51)) as one little-endian bit string, 51 bits each, pad bits zero. */
export function pack(residues: Float64Array): Uint8Array<ArrayBuffer> {
  const packed = createPacked(residues.length);
  packed.write(0, residues);
  return packed.finish();
}

export interface Packed {
  /** Packs residues at place `from`, a multiple of 32 (where 51-bit residues meet a u32 boundary), as N is. */
  write(from: number, residues: Float64Array): void;
  /** The bytes; once, as it hands the memory over. */
  finish(): Uint8Array<ArrayBuffer>;
}

/** Room for `count` packed residues, written a polynomial at a time. */
export function createPacked(count: number): Packed {
  const words = new Uint32Array(Math.ceil((RESIDUE_BITS * count) / 32) + 1);
  return {
    write: (from, residues) => packWords(residues, words, (RESIDUE_BITS * from) / 32),
    finish: () => new Uint8Array(words.buffer.transfer(packedLength(count))),
  };
}

function packWords(residues: Float64Array, words: Uint32Array, start: number): void {
  let at = start;
  let held = 0; // the low `bits` bits of the next word
  let bits = 0; // 0 … 31
  for (let i = 0; i < residues.length; i++) {
    const residue = residues[i]!;
    const high = (residue * (1 / TWO_32)) | 0;
    const low = (residue - high * TWO_32) | 0;
    words[at++] = held | (low << bits);
    // Two shifts, because a shift by 32 would be a shift by 0.
    held = ((low >>> 1) >>> (31 - bits)) | (high << bits);
    if (bits >= 13) {
      words[at++] = held;
      held = (high >>> 1) >>> (31 - bits);
      bits -= 13;
    } else {
      bits += 19;
    }
  }
  if (bits > 0) words[at] = held;
}

/** Visits residues as (index, low 32 bits, high 19 bits), the halves unsigned; stops when `visit` returns false. */
function scan(
  bytes: Uint8Array,
  from: number,
  count: number,
  visit: (index: number, low: number, high: number) => boolean,
): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) {
    const bit = (from + i) * RESIDUE_BITS;
    const byte = Math.floor(bit / 8);
    const shift = bit & 7;
    let low: number;
    let high: number;
    if (byte + 8 <= bytes.length) {
      low = view.getUint32(byte, true);
      high = view.getUint32(byte + 4, true);
    } else {
      low = view.getUint32(byte, true);
      high = 0;
      for (let k = bytes.length - 1; k >= byte + 4; k--) high = (high << 8) | bytes[k]!;
    }
    if (!visit(i, ((low >>> shift) | ((high << 1) << (31 - shift))) >>> 0, (high >>> shift) & HIGH_MASK)) return false;
  }
  return true;
}

/**
 * Strict check of a packed ciphertext, allocating nothing of its size: exact length for `coefficients` messages, every
 * residue < q, pad bits zero.
 */
export function verifyPacked(bytes: Uint8Array, coefficients: number, q: number): Rejection | undefined {
  const shape = layout(coefficients);
  if (bytes.length !== shape.bytes) {
    return reject('ciphertext_length', `ciphertext has ${bytes.length} bytes; this plan needs exactly ${shape.bytes}`);
  }
  const usedBits = (RESIDUE_BITS * shape.sent) & 7;
  if (usedBits !== 0 && bytes[bytes.length - 1]! >>> usedBits !== 0) {
    return reject('ciphertext_padding', 'the pad bits after the last residue are not zero');
  }
  const qHigh = Math.floor(q / TWO_32);
  const qLow = q - qHigh * TWO_32;
  let bad = -1;
  scan(bytes, 0, shape.sent, (index, low, high) => {
    if (high < qHigh || (high === qHigh && low < qLow)) return true;
    bad = index;
    return false;
  });
  return bad < 0 ? undefined : reject('ciphertext_residue', `residue ${bad} is not below q = ${q}`);
}

/** The residues of a packed ciphertext (those sent: zero-padding of the last polynomial included), strictly checked. */
export function unpack(bytes: Uint8Array, coefficients: number, q: number): Float64Array | Rejection {
  const refused = verifyPacked(bytes, coefficients, q);
  if (refused) return refused;
  const residues = new Float64Array(layout(coefficients).sent);
  scan(bytes, 0, residues.length, (index, low, high) => {
    residues[index] = high * TWO_32 + low;
    return true;
  });
  return residues;
}

/**
 * Writes `count` residues from residue `from` on as (low, high) pairs of u32, SEAL's u64 little-endian. Call it only on
 * bytes that `verifyPacked` accepted.
 */
export function unpackWords(bytes: Uint8Array, from: number, count: number, words: Uint32Array): void {
  scan(bytes, from, count, (index, low, high) => {
    words[2 * index] = low;
    words[2 * index + 1] = high;
    return true;
  });
}
