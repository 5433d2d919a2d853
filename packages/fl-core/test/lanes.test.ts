import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneBits, mostLambda, packLanes, unpackLanes } from '../src/lanes.ts';
import { PROFILES } from './profiles.ts';

/** A parameter set, lanes that leave room for a level, a cohort and any levels with how many contributors have each. */
const sums = fc
  .record({ capacity: fc.constantFrom(...Object.values(PROFILES)), lanes: fc.integer({ min: 1, max: 8 }) })
  .chain(({ capacity, lanes }) => {
    const room = 2 ** (laneBits(capacity.log2t, lanes) - 1) - 1;
    return fc.record({
      log2t: fc.constant(capacity.log2t),
      lanes: fc.constant(lanes),
      nMax: fc.integer({ min: 1, max: Math.min(capacity.maxContributors, room) }),
    });
  })
  .chain(({ log2t, lanes, nMax }) => {
    const lambda = mostLambda(log2t, lanes, nMax);
    const level = fc.oneof(fc.constantFrom(-lambda, lambda, 0, 1, -1), fc.integer({ min: -lambda, max: lambda }));
    return fc.record({
      log2t: fc.constant(log2t),
      lanes: fc.constant(lanes),
      lambda: fc.constant(lambda),
      nMax: fc.constant(nMax),
      users: fc.integer({ min: 1, max: 20 }).chain((count) =>
        fc.array(
          fc.record({
            times: fc.integer({ min: 1, max: nMax }),
            levels: fc.array(level, { minLength: count, maxLength: count }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
      ),
    });
  });

describe('signed lanes', () => {
  it('add up exactly for any levels and any number of contributors up to nMax, signed or mod t', () => {
    fc.assert(
      fc.property(sums, ({ log2t, lanes, nMax, users }) => {
        const width = laneBits(log2t, lanes);
        const count = users[0]!.levels.length;
        const sum = new Float64Array(Math.ceil(count / lanes));
        const expected = new Float64Array(count);
        let left = nMax;
        for (const { times, levels } of users) {
          const contributors = Math.min(times, left);
          left -= contributors;
          const m = new Float64Array(sum.length);
          packLanes(levels, lanes, width, m);
          m.forEach((value, i) => {
            sum[i]! += contributors * value;
          });
          levels.forEach((level, i) => {
            expected[i]! += contributors * level;
          });
        }
        const t = 2 ** log2t;
        for (const value of sum) expect(Math.abs(value)).toBeLessThan(t / 2);
        expect(unpackLanes(sum, lanes, width, count)).toEqual(expected.map((level) => level + 0));
        const modulo = sum.map((value) => ((value % t) + t) % t);
        expect(unpackLanes(modulo, lanes, width, count)).toEqual(expected.map((level) => level + 0));
      }),
      { numRuns: 500 },
    );
  });

  it('have room for nMax contributors at level λ and for none at λ + 1', () => {
    fc.assert(
      fc.property(sums, ({ log2t, lanes, nMax, lambda }) => {
        const room = 2 ** (laneBits(log2t, lanes) - 1) - 1;
        expect(lambda * nMax).toBeLessThanOrEqual(room);
        expect((lambda + 1) * nMax).toBeGreaterThan(room);
      }),
    );
  });

  it('put coordinate L·i + l into lane l of coefficient i', () => {
    const into = new Float64Array(2);
    packLanes(Int32Array.of(1, 2, 3, 4, 5), 3, 10, into);
    expect(Array.from(into)).toEqual([1 + 2 * 1024 + 3 * 1024 ** 2, 4 + 5 * 1024]);
  });
});
