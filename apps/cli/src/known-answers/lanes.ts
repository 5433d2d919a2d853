import { laneBits, mostLambda, packLanes, unpackLanes } from '@sotto/fl-core/lanes';
import type { Profile } from '@sotto/he-core/params';
import { deriveWords } from './derivation.ts';
import {
  type CaseResult,
  compare,
  compareNote,
  compareSeed,
  createFieldReader,
  FormatError,
  runCase,
  runCases,
} from './vector-file.ts';

const MOST_LANES = 8;

interface LanesCase {
  readonly profile: Profile;
  readonly nMax: number;
  readonly lanes: number;
  readonly lambda: number;
  /** Levels of each user. */
  readonly users: readonly (readonly number[])[];
}

/** Recomputes lanes.json: lane width, λ, every user's coefficients, their sum, and the levels decoded from the sum mod t. */
export async function verifyLanes(vector: unknown): Promise<CaseResult[]> {
  const cases: LanesCase[] = [];
  const results: CaseResult[] = [];
  const file = await runCase('lanes', async () => {
    const reader = createFieldReader(vector);
    const note = reader.text('note');
    const seed = reader.text('seed');
    const listed = reader.list('cases');
    results.push(
      ...(await runCases('lanes', listed, async (found) => {
        const given = readCase(found);
        cases.push(given);
        return compare(found, recompute(given));
      })),
    );
    return [
      ...compareNote(note, [2]),
      ...compareSeed(seed, (source) => cases.length > 0 && cases.every((given) => comesFrom(source, given))),
      ...compare(vector, { note, seed, cases: listed }),
    ];
  });
  return [file, ...results];
}

function readCase(found: unknown): LanesCase {
  const reader = createFieldReader(found);
  const profile = reader.profile('profile');
  const lanes = reader.integer('lanes', 1, MOST_LANES);
  const nMax = reader.integer('nMax', 1, profile.maxContributors);
  const lambda = mostLambda(profile.log2t, lanes, nMax);
  const listed = reader.list('users');
  if (listed.length > nMax) throw new FormatError(`users: ${listed.length}, more than nMax`);
  const users = listed.map((user, u) => createFieldReader(user, `users[${u}]`).integers('levels', lambda));
  if (users.some((levels) => levels.length !== users[0]!.length))
    throw new FormatError('users have unequal numbers of levels');
  return { profile, nMax, lanes, lambda, users };
}

function recompute({ profile: { name, log2t, t }, nMax, lanes, lambda, users }: LanesCase): unknown {
  const width = laneBits(log2t, lanes);
  const count = users[0]!.length;
  const coefficients = Math.ceil(count / lanes);
  const packed = users.map((levels) => {
    const m = new Float64Array(coefficients);
    packLanes(levels, lanes, width, m);
    return m;
  });
  const sum = Float64Array.from({ length: coefficients }, (_, i) => packed.reduce((total, m) => total + m[i]!, 0));
  const modulo = sum.map((m) => ((m % t) + t) % t);
  return {
    profile: name,
    lanes,
    laneBits: width,
    nMax,
    lambda,
    users: users.map((levels, u) => ({ levels, m: Array.from(packed[u]!, String) })),
    sumM: Array.from(sum, String),
    sumLevels: Array.from(unpackLanes(modulo, lanes, width, count)),
  };
}

/**
 * Level i of a user = u32 LE at 4i of SHAKE256(SEED/lanes/PROFILE/LANES/USER) mod (2λ + 1) − λ, but the first two of the first user, which
 * are λ and −λ.
 */
function comesFrom(seed: string, { profile, lanes, lambda, users }: LanesCase): boolean {
  return users.every((levels, user) => {
    const label = `${seed}/lanes/${profile.name}/${lanes}/${user}`;
    const derived = deriveWords(label, levels.length, (word) => (word % (2 * lambda + 1)) - lambda);
    return levels.every((level, i) => (user === 0 && i < 2) || level === derived[i]);
  });
}
