import { PROFILES, type Profile, type ProfileName } from '../params.ts';

const NAMES = Object.keys(PROFILES) as ProfileName[];

/** What one case of a known-answer file came to; `differences` name the place, the file's value and ours. */
export interface CaseResult {
  readonly case: string;
  readonly ok: boolean;
  readonly differences: string[];
}

/** A file that is not of the expected form, so that nothing can be recomputed from it. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** Runs one case; a FormatError is a difference, too. */
export async function runCase(name: string, differences: () => Promise<string[]>): Promise<CaseResult> {
  try {
    const found = await differences();
    return { case: name, ok: found.length === 0, differences: found };
  } catch (error) {
    if (error instanceof FormatError) return { case: name, ok: false, differences: [error.message] };
    throw error;
  }
}

/** Every difference between a file's value and the recomputed one: values, types, missing and unknown fields. */
export function compare(found: unknown, expected: unknown, at = ''): string[] {
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) return [`${at}: ${found.length} elements, recomputed ${expected.length}`];
    return expected.flatMap((value, i) => compare(found[i], value, `${at}[${i}]`));
  }
  if (isRecord(expected) && isRecord(found)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...keys].flatMap((key) => {
      const path = at === '' ? key : `${at}.${key}`;
      if (!Object.hasOwn(found, key)) return [`${path}: missing`];
      if (!Object.hasOwn(expected, key)) return [`${path}: unknown field`];
      return compare(found[key], expected[key], path);
    });
  }
  return Object.is(found, expected) ? [] : [`${at}: ${JSON.stringify(found)}, recomputed ${JSON.stringify(expected)}`];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields that a recomputation starts from, strictly. */
export function createReader(value: unknown, at = '') {
  const fields = isRecord(value) ? value : fail(at, 'is not an object');
  const field = (key: string): unknown => {
    if (!Object.hasOwn(fields, key)) fail(path(key), 'is missing');
    return fields[key];
  };
  const path = (key: string) => (at === '' ? key : `${at}.${key}`);
  return {
    text(key: string): string {
      const found = field(key);
      return typeof found === 'string' ? found : fail(path(key), 'is not a string');
    },
    integer(key: string, least: number, most: number): number {
      const found = field(key);
      if (typeof found === 'number' && Number.isInteger(found) && found >= least && found <= most) return found;
      return fail(path(key), `is not an integer from ${least} to ${most}`);
    },
    hash(key: string): Uint8Array {
      const found = field(key);
      if (typeof found === 'string' && /^[0-9a-f]{64}$/.test(found)) {
        return Uint8Array.from(found.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      }
      return fail(path(key), 'is not a SHA-256 in lower-case hex');
    },
    list(key: string): readonly unknown[] {
      const found = field(key);
      return Array.isArray(found) && found.length > 0 ? found : fail(path(key), 'is not a list with elements');
    },
    profile(key: string): Profile {
      const name = field(key);
      return PROFILES[NAMES.find((known) => known === name) ?? fail(path(key), 'is not a known profile')];
    },
    record(key: string): unknown {
      return field(key);
    },
  };
}

export type Reader = ReturnType<typeof createReader>;

function fail(at: string, problem: string): never {
  throw new FormatError(`${at === '' ? 'file' : at}: ${problem}`);
}

/**
 * The note, when it speaks of no number that this implementation does not know: a note is prose, but a digit changed in
 * it describes another format. With as many numbers as we know the note to have, each must be the one in its place.
 */
export function readNote(reader: Reader, numbers: readonly number[]): string {
  const note = reader.text('note');
  const found = (note.match(/\d+/g) ?? []).map(Number);
  const known = (number: number, at: number) =>
    found.length === numbers.length ? number === numbers[at] : numbers.includes(number);
  const strange = found.find((number, at) => !known(number, at));
  return strange === undefined ? note : fail('note', `speaks of ${strange}, which is no number of this format`);
}
