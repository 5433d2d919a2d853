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

/**
 * Writes `count` residues from residue `from` on as (low, high) pairs of u32, SEAL's u64 little-endian. Call it only on
 * bytes that `verifyPacked` accepted.
 */
export function unpackWords(bytes: Uint8Array, from: number, count: number, words: Uint32Array): void {
  const first = from * RESIDUE_BITS;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let byte = Math.floor(first / 8);
  let shift = first % 8;
  for (let w = 0; w < 2 * count; w += 2) {
    const low = view.getUint32(byte, true);
    const high = byte + 8 <= bytes.length ? view.getUint32(byte + 4, true) : readLast(bytes, byte + 4);
    // Two shifts, because a shift by 32 would be a shift by 0.
    words[w] = (low >>> shift) | ((high << 1) << (31 - shift));
    words[w + 1] = (high >>> shift) & HIGH_MASK;
    byte += 6;
    shift += 3;
    if (shift >= 8) {
      byte += 1;
      shift -= 8;
    }
  }
}

/** The bytes from `at` to the end, three at the most, as a little-endian number. */
function readLast(bytes: Uint8Array, at: number): number {
  return bytes.subarray(at).reduceRight((number, byte) => (number << 8) | byte, 0);
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
  const usedBits = (RESIDUE_BITS * shape.sent) % 8;
  if (usedBits !== 0 && bytes[bytes.length - 1]! >>> usedBits !== 0) {
    return reject('ciphertext_padding', 'the pad bits after the last residue are not zero');
  }
  const words = new Uint32Array(2 * N);
  for (let from = 0; from < shape.sent; from += N) {
    const count = Math.min(N, shape.sent - from);
    unpackWords(bytes, from, count, words);
    const bad = findNotBelow(q, words, count);
    if (bad >= 0) return reject('ciphertext_residue', `residue ${from + bad} is not below q = ${q}`);
  }
  return undefined;
}

/** The place of the first residue ≥ q, or −1. */
function findNotBelow(q: number, words: Uint32Array, count: number): number {
  const qHigh = Math.floor(q / TWO_32);
  const qLow = q - qHigh * TWO_32;
  for (let i = 0; i < count; i++) {
    const high = words[2 * i + 1]!;
    if (high > qHigh || (high === qHigh && words[2 * i]! >= qLow)) return i;
  }
  return -1;
}

/** The residues of a packed ciphertext (those sent: zero-padding of the last polynomial included), strictly checked. */
export function unpack(bytes: Uint8Array, coefficients: number, q: number): Float64Array | Rejection {
  const refused = verifyPacked(bytes, coefficients, q);
  if (refused) return refused;
  const residues = new Float64Array(layout(coefficients).sent);
  const words = new Uint32Array(2 * N);
  for (let from = 0; from < residues.length; from += N) {
    const count = Math.min(N, residues.length - from);
    unpackWords(bytes, from, count, words);
    for (let i = 0; i < count; i++) residues[from + i] = words[2 * i + 1]! * TWO_32 + words[2 * i]!;
  }
  return residues;
}
