import type { CheckValues } from './check.ts';
import { InvariantError } from './invariant-error.ts';
import { MASKS, SHARE_PRIME } from './params.ts';
import { type Rejection, reject } from './rejection.ts';

const FAILED = 0x01;
const CHECKED = 0x00;
const CHECKED_LENGTH = 1 + 2 * MASKS;

/** A member's check of one candidate: its four values, or null when the box or the share failed. */
export type AnswerEntry = CheckValues | null;

/** One entry a candidate, ascending by device: 01 when it failed, else 00 ‖ 4 × u16 little-endian. */
export function encodeAnswer(entries: readonly (readonly number[] | null)[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const entry of entries) {
    if (entry === null) {
      bytes.push(FAILED);
      continue;
    }
    if (entry.length !== MASKS || entry.some((y) => !Number.isInteger(y) || y < 0 || y >= SHARE_PRIME)) {
      throw new InvariantError('encodeAnswer: an entry is four residues mod p, or null');
    }
    bytes.push(CHECKED, ...entry.flatMap((y) => [y & 0xff, y >>> 8]));
  }
  return Uint8Array.from(bytes);
}

/** Strict inverse of `encodeAnswer` for exactly `candidates` entries. */
export function decodeAnswer(bytes: Uint8Array, candidates: number): AnswerEntry[] | Rejection {
  const entries: AnswerEntry[] = [];
  let at = 0;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const flag = bytes[at];
    if (flag === undefined) return tooShort(candidate);
    if (flag === FAILED) {
      entries.push(null);
      at += 1;
      continue;
    }
    if (flag !== CHECKED) return reject('answer_flag', `candidate ${candidate} starts with ${flag}, not 00 or 01`);
    if (at + CHECKED_LENGTH > bytes.length) return tooShort(candidate);
    const y = (rho: number) => bytes[at + 1 + 2 * rho]! | (bytes[at + 2 + 2 * rho]! << 8);
    const values: CheckValues = [y(0), y(1), y(2), y(3)];
    if (values.some((value) => value >= SHARE_PRIME)) {
      return reject('answer_value', `candidate ${candidate} has a check value not below p = ${SHARE_PRIME}`);
    }
    entries.push(values);
    at += CHECKED_LENGTH;
  }
  if (at !== bytes.length) {
    return reject('answer_length', `${bytes.length - at} bytes follow the last of ${candidates} candidates`);
  }
  return entries;
}

function tooShort(candidate: number): Rejection {
  return reject('answer_length', `the answer ends inside candidate ${candidate}`);
}
