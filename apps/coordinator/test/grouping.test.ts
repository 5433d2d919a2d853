import { concat, fromHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide, leastCohortOf } from '../src/rounds/grouping.ts';
import type { Selection } from '../src/rounds/selection.ts';

const id = (name: string | number) => sha256Hex(encodeUtf8(String(name)));

function config(count: number, { minimumCohort = 3, seed = 7, overSelection = 1.3 } = {}) {
  return { groups: { count, least: 1 }, minimumCohort, overSelection, seed };
}

function selection(asked: number, nMax = asked, unreliable = 0): Selection {
  const cohort = Array.from({ length: asked }, (_, i) => id(i));
  const seats = cohort.slice(0, 5);
  return {
    cohort,
    unreliable: cohort.slice(asked - unreliable),
    seats,
    committee: { most: 5, least: 3 },
    quorum: nMax,
    nMax,
  };
}

const members = (parts: readonly Selection[]) => parts.map(({ cohort }) => [...cohort].sort().join());

describe('the groups of a round', () => {
  it('are one whole where the run has none', () => {
    const whole = selection(10);
    expect(divide({ ...config(2), groups: null }, 1, whole, null)).toEqual([{ group: 0, ...whole }]);
  });

  it('hold everybody once, are as equal as can be, never below the floor, and want no more updates than the round', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 3, max: 6 }),
        fc.nat(60),
        fc.nat(30),
        fc.nat(),
        (count, minimumCohort, extra, late, seed) => {
          const wishes = config(count, { minimumCohort, seed });
          const nMax = leastCohortOf(wishes) + extra;
          const asked = Math.ceil(nMax * wishes.overSelection);
          const whole = selection(asked, nMax, Math.min(late, asked));
          const parts = divide(wishes, 5, whole, null);
          expect(parts.map(({ group }) => group)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
          expect(parts.flatMap(({ cohort }) => cohort).sort()).toEqual([...whole.cohort].sort());
          expect(parts.reduce((sum, part) => sum + part.nMax, 0)).toBe(nMax);
          for (const lists of [parts.map(({ cohort }) => cohort), parts.map(({ unreliable }) => unreliable)]) {
            const sizes = lists.map(({ length }) => length);
            expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          }
          for (const { cohort, unreliable, nMax: most, quorum, seats } of parts) {
            expect(most).toBeGreaterThanOrEqual(minimumCohort);
            expect(cohort.length).toBeGreaterThanOrEqual(most);
            expect(quorum).toBeGreaterThanOrEqual(minimumCohort);
            expect(quorum).toBeLessThanOrEqual(most);
            expect(unreliable.every((device) => cohort.includes(device))).toBe(true);
            expect(seats).toEqual(whole.seats);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are the same for a seed and round, and others for others', () => {
    const whole = selection(12);
    const drawn = members(divide(config(3), 1, whole, null));
    expect(members(divide(config(3), 1, whole, null))).toEqual(drawn);
    expect(members(divide(config(3), 2, whole, null))).not.toEqual(drawn);
    expect(members(divide(config(3, { seed: 8 }), 1, whole, null))).not.toEqual(drawn);
  });

  it('are those of SHA-256(H(U) ‖ deviceId) after a sum over U that failed its test, whatever the seed', () => {
    const whole = selection(9);
    const failed = id('U');
    const keyOf = (device: string) => sha256Hex(concat([fromHex(failed), fromHex(device)]));
    const order = [...whole.cohort].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const expected = [0, 1, 2].map((i) => [order[i]!, order[i + 3]!, order[i + 6]!].sort().join());
    for (const seed of [1, 2]) expect(members(divide(config(3, { seed }), 4, whole, failed))).toEqual(expected);
  });
});
