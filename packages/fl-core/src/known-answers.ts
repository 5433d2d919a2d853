import { shake256 } from '@noble/hashes/sha3.js';
import type { ProfileName } from '@sotto/protocol/plan';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import {
  type CaseResult,
  compare,
  compareNote,
  compareSeed,
  createFieldReader,
  type FieldReader,
  FormatError,
  runCase,
} from '@sotto/protocol/vector-file';
import type { Capacity } from './encoding.ts';
import { laneBits, mostLambda, packLanes, unpackLanes } from './lanes.ts';

/** What the protocol says of its parameter sets, for files that only name them. */
const CAPACITIES: Readonly<Record<ProfileName, Capacity>> = {
  n47: { log2t: 42, maxContributors: 47 },
  n774: { log2t: 40, maxContributors: 774 },
  n12k: { log2t: 38, maxContributors: 12_452 },
  n199k: { log2t: 36, maxContributors: 199_643 },
};

const MOST_LANES = 8;

interface LanesCase {
  readonly profile: string;
  readonly log2t: number;
  readonly nMax: number;
  readonly lanes: number;
  readonly lambda: number;
  /** Levels of each user. */
  readonly users: readonly (readonly number[])[];
}

/** Recomputes lanes.json: lane width, λ, every user's coefficients, their sum, and the levels decoded from the sum mod t. */
export function verifyLanes(vector: unknown): CaseResult[] {
  const cases: LanesCase[] = [];
  const results: CaseResult[] = [];
  const file = runCase('lanes', () => {
    const reader = createFieldReader(vector);
    const note = reader.text('note');
    const seed = reader.text('seed');
    const listed = reader.list('cases');
    for (const [i, found] of listed.entries()) {
      results.push(
        runCase(`lanes ${i + 1} of ${listed.length}`, () => {
          const given = readCase(createFieldReader(found, `cases[${i}]`), `cases[${i}]`);
          cases.push(given);
          return compare(found, recompute(given), `cases[${i}]`);
        }),
      );
    }
    return [
      ...compareNote(note, [2]),
      ...compareSeed(seed, (source) => cases.length > 0 && cases.every((given) => comesFrom(source, given))),
      ...compare(vector, { note, seed, cases: listed }),
    ];
  });
  return [file, ...results];
}

function readCase(reader: FieldReader, at: string): LanesCase {
  const profile = reader.text('profile');
  if (!Object.hasOwn(CAPACITIES, profile)) throw new FormatError(`${at}.profile is no parameter set: ${profile}`);
  const { log2t, maxContributors } = CAPACITIES[profile as ProfileName];
  const lanes = reader.integer('lanes', 1, MOST_LANES);
  const nMax = reader.integer('nMax', 1, maxContributors);
  const lambda = mostLambda(log2t, lanes, nMax);
  const listed = reader.list('users');
  if (listed.length > nMax) throw new FormatError(`${at}.users: ${listed.length}, more than nMax`);
  const users = listed.map((user, u) => createFieldReader(user, `${at}.users[${u}]`).integers('levels', lambda));
  if (users.some((levels) => levels.length !== users[0]!.length))
    throw new FormatError(`${at}.users have unequal numbers of levels`);
  return { profile, log2t, nMax, lanes, lambda, users };
}

function recompute({ profile, log2t, nMax, lanes, lambda, users }: LanesCase): unknown {
  const width = laneBits(log2t, lanes);
  const count = users[0]!.length;
  const coefficients = Math.ceil(count / lanes);
  const packed = users.map((levels) => {
    const m = new Float64Array(coefficients);
    packLanes(levels, lanes, width, m);
    return m;
  });
  const sum = Float64Array.from({ length: coefficients }, (_, i) => packed.reduce((total, m) => total + m[i]!, 0));
  const t = 2 ** log2t;
  const modulo = sum.map((m) => ((m % t) + t) % t);
  return {
    profile,
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
    const stream = shake256(encodeUtf8(`${seed}/lanes/${profile}/${lanes}/${user}`), { dkLen: 4 * levels.length });
    const words = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
    return levels.every(
      (level, i) => (user === 0 && i < 2) || level === (words.getUint32(4 * i, true) % (2 * lambda + 1)) - lambda,
    );
  });
}
