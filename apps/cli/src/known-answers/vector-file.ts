import { PROFILES, type Profile, type ProfileName } from '@sotto/he-core/params';

/** Known-answer files are given by others: read strictly, every value recomputed, every difference named. */
export interface CaseResult {
  readonly case: string;
  readonly ok: boolean;
  /** The place, the file's value and ours. */
  readonly differences: readonly string[];
}

/** A file that is not of the expected form, so that nothing can be recomputed from it. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** Runs one case; a FormatError is a difference, too. */
export async function runCase(name: string, differencesOf: () => Promise<string[]>): Promise<CaseResult> {
  try {
    const differences = await differencesOf();
    return { case: name, ok: differences.length === 0, differences };
  } catch (error) {
    if (error instanceof FormatError) return { case: name, ok: false, differences: [error.message] };
    throw error;
  }
}

/** Each element of a file's list of cases as a case of its own; places are named from the element on. */
export async function runCases(
  name: string,
  listed: readonly unknown[],
  differencesOf: (found: unknown) => Promise<string[]>,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const [i, found] of listed.entries())
    results.push(await runCase(`${name} ${i + 1} of ${listed.length}`, () => differencesOf(found)));
  return results;
}

/** Every difference between a file's value and the recomputed one: values, types, missing and unknown fields. */
export function compare(found: unknown, expected: unknown, at = ''): string[] {
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) return [`${at}: ${found.length} elements, recomputed ${expected.length}`];
    return expected.flatMap((value, i) => compare(found[i], value, `${at}[${i}]`));
  }
  if (isFields(expected) && isFields(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...names].flatMap((name) => {
      const path = at === '' ? name : `${at}.${name}`;
      if (!Object.hasOwn(found, name)) return [`${path}: missing`];
      if (!Object.hasOwn(expected, name)) return [`${path}: unknown field`];
      return compare(found[name], expected[name], path);
    });
  }
  return Object.is(found, expected) ? [] : [`${at}: ${JSON.stringify(found)}, recomputed ${JSON.stringify(expected)}`];
}

/** Reads the fields that a recomputation starts from. */
export interface FieldReader {
  text(name: string): string;
  /** Lower-case hexadecimal of 32 bytes. */
  hash(name: string): string;
  integer(name: string, least: number, most: number): number;
  /** Not empty. */
  list(name: string): readonly unknown[];
  /** As `list`, of integers from −most to most. */
  integers(name: string, most: number): readonly number[];
  /** A parameter set, by its name. */
  profile(name: string): Profile;
  /** The fields of a field. */
  within(name: string): FieldReader;
}

export function createFieldReader(value: unknown, at = ''): FieldReader {
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const fail = (name: string, problem: string): never => {
    throw new FormatError(`${path(name)} ${problem}`);
  };
  if (!isFields(value)) throw new FormatError(`${at === '' ? 'it' : at} is not an object`);
  const field = (name: string) => (Object.hasOwn(value, name) ? value[name] : fail(name, 'is missing'));
  const list = (name: string): readonly unknown[] => {
    const found = field(name);
    return Array.isArray(found) && found.length > 0 ? found : fail(name, 'is not a list with elements');
  };
  const isInteger = (found: unknown, least: number, most: number) =>
    typeof found === 'number' && Number.isInteger(found) && found >= least && found <= most;
  return {
    text(name) {
      const found = field(name);
      return typeof found === 'string' ? found : fail(name, 'is not a string');
    },
    hash(name) {
      const found = field(name);
      return isHash(found) ? found : fail(name, 'is not a SHA-256 in lower-case hexadecimal');
    },
    integer(name, least, most) {
      const found = field(name);
      return isInteger(found, least, most)
        ? (found as number)
        : fail(name, `is not an integer from ${least} to ${most}`);
    },
    list,
    integers(name, most) {
      const strange = list(name).findIndex((found) => !isInteger(found, -most, most));
      return strange < 0 ? (list(name) as number[]) : fail(`${name}[${strange}]`, `is not an integer up to ±${most}`);
    },
    profile(name) {
      const found = field(name);
      return typeof found === 'string' && Object.hasOwn(PROFILES, found)
        ? PROFILES[found as ProfileName]
        : fail(name, 'is no parameter set');
    },
    within: (name) => createFieldReader(field(name), path(name)),
  };
}

/**
 * A note is prose, but a changed digit in it describes another format: it may speak of no other numbers than these, and where it has as
 * many of them, each must be the one in its place.
 */
export function compareNote(note: string, numbers: readonly number[]): string[] {
  const found = (note.match(/\d+/g) ?? []).map(Number);
  const isKnown = (number: number, at: number) =>
    found.length === numbers.length ? number === numbers[at] : numbers.includes(number);
  const strange = found.find((number, at) => !isKnown(number, at));
  return strange === undefined ? [] : [`note: speaks of ${strange}, which is no number of this format`];
}

/**
 * Where a file gives its inputs outright they need not come from its seed. Inputs that come from a seed one digit away, though, show that
 * the seed was changed.
 *
 * @param comesFrom  whether the file's inputs are what this seed gives.
 */
export function compareSeed(seed: string, comesFrom: (seed: string) => boolean): string[] {
  if (comesFrom(seed)) return [];
  for (const [at, character] of [...seed].entries()) {
    if (!/\d/.test(character)) continue;
    for (let digit = 0; digit < 10; digit++) {
      const other = `${seed.slice(0, at)}${digit}${seed.slice(at + 1)}`;
      if (comesFrom(other))
        return [`seed: ${JSON.stringify(seed)}, but the inputs are those of ${JSON.stringify(other)}`];
    }
  }
  return [];
}

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
