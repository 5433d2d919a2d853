import { mostLambda } from '@sotto/fl-core/lanes';
import { PROFILES } from '@sotto/he-core/params';
import { describe, expect, it } from 'vitest';
import lanes from '../../../../test-vectors/lanes.json' with { type: 'json' };
import { verifyLanes } from '../../src/known-answers/lanes.ts';
import { changedDigits, misshapen, survivorsOf } from './bad-siblings.ts';

const passes = async (vector: unknown) => (await verifyLanes(vector)).every(({ ok }) => ok);

/** One more contributor can leave λ as it is: such a file is another true one. */
function isTrueAnyway(vector: unknown): boolean {
  const { cases } = vector as typeof lanes;
  return cases.every(({ profile, lanes: count, nMax, lambda }) => {
    const capacity = PROFILES[profile as keyof typeof PROFILES];
    return (
      capacity !== undefined && nMax <= capacity.maxContributors && mostLambda(capacity.log2t, count, nMax) === lambda
    );
  });
}

describe('the known answers of lanes.json', () => {
  it('are what our lanes make of the same levels', async () => {
    const results = await verifyLanes(lanes);
    expect(results).toHaveLength(1 + lanes.cases.length);
    for (const result of results) expect(result).toEqual({ case: result.case, ok: true, differences: [] });
  });

  it('have bad siblings: any one digit changed, anywhere in the file, is found', async () => {
    const siblings = changedDigits(lanes);
    expect(siblings.length).toBeGreaterThan(3000);
    const survivors = await survivorsOf(siblings, passes);
    const missed = survivors.filter(({ path, vector }) => !(path.includes('.nMax@') && isTrueAnyway(vector)));
    expect(missed.map(({ path }) => path)).toEqual([]);
  });

  it('refuse a missing field, an unknown one, another length and a value of another type', async () => {
    const siblings = misshapen(lanes);
    expect(siblings.length).toBeGreaterThan(1000);
    // A file of fewer cases is a file, too.
    const survivors = await survivorsOf(siblings, passes);
    const missed = survivors.filter(({ path }) => !/^\.cases (shortened|lengthened)$/.test(path));
    expect(missed.map(({ path }) => path)).toEqual([]);
  });

  it('accept levels that no seed gave, one lane, and levels beyond 32 bits', async () => {
    const lambda = mostLambda(42, 1, 47);
    expect(lambda).toBeGreaterThan(2 ** 32);
    const own = {
      note: 'levels given outright',
      seed: 'none-7',
      cases: [
        {
          profile: 'n47',
          lanes: 1,
          laneBits: 42,
          nMax: 47,
          lambda,
          users: [
            { levels: [lambda, -lambda, 0], m: [`${lambda}`, `${-lambda}`, '0'] },
            { levels: [lambda, -1, 0], m: [`${lambda}`, '-1', '0'] },
          ],
          sumM: [`${2 * lambda}`, `${-lambda - 1}`, '0'],
          sumLevels: [2 * lambda, -lambda - 1, 0],
        },
      ],
    };
    expect((await verifyLanes(own)).flatMap(({ differences }) => differences)).toEqual([]);
  });

  it.each([null, 7, 'text', [], {}, { note: '', seed: '', cases: [] }])(
    'call %j no such file instead of throwing',
    async (vector) => {
      expect(await passes(vector)).toBe(false);
    },
  );
});
