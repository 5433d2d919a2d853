import { DEFAULT_DURATIONS, type RunConfig } from '@sotto/protocol/run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { select } from '../src/rounds/selection.ts';

const config: RunConfig = {
  task: 'numbers',
  rounds: 1,
  cohort: { least: 3, most: 200 },
  minimumCohort: 3,
  committee: 'drawn',
  admission: 'open',
  lanes: 2,
  durations: DEFAULT_DURATIONS,
  seed: 7,
};

function here(count: number, { contributes = true, from = 0 } = {}) {
  return Array.from({ length: count }, (_, i) => ({
    device: `d${from + i}`,
    key: '',
    task: 'numbers',
    contributes,
    certificates: [],
    since: i,
  }));
}

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `d${from + i}`);

describe('selection', () => {
  it('waits until enough devices that contribute are here', () => {
    const present = [...here(2), ...here(5, { contributes: false, from: 2 })];
    expect(select(config, 1, { present, named: new Set(), ends: 0 })).toBeUndefined();
    expect(select(config, 1, { present: here(3), named: new Set(), ends: 0 })).toEqual({
      cohort: ids(3),
      seats: ids(3),
      committee: { most: 3, least: 3 },
    });
  });

  it('asks certified devices only where admission is certified, and seats no others', () => {
    const ends = 1000;
    const certified = (role: 'device' | 'member', expiry: number, from: number) =>
      here(3, { from }).map((one) => ({
        ...one,
        certificates: [{ id: one.device, key: '', task: 'numbers', role, expiry, signature: '' }],
      }));
    const good = certified('device', ends + 1, 9);
    const present = [...here(3), ...certified('member', ends + 1, 3), ...certified('device', ends, 6), ...good];
    const named = new Set<string>();
    expect(select({ ...config, admission: 'certified' }, 1, { present, named, ends })).toEqual({
      cohort: ids(3, 9),
      seats: ids(3, 9),
      committee: { most: 3, least: 3 },
    });
    const fewer = present.slice(0, -1);
    expect(select({ ...config, admission: 'certified' }, 1, { present: fewer, named, ends })).toBeUndefined();
    expect(select(config, 1, { present, named, ends })?.cohort).toHaveLength(12);
  });

  it('draws a committee of seven, longest present first, with as many spares', () => {
    expect(select(config, 1, { present: here(50), named: new Set(), ends: 0 })).toEqual({
      cohort: ids(50),
      seats: ids(14),
      committee: { most: 7, least: 3 },
    });
  });

  it('seats named devices only, contributing or not, once so many are here that a few may go', () => {
    const named = new Set(ids(6, 10));
    const present = [...here(5), ...here(4, { contributes: false, from: 10 })];
    expect(select({ ...config, committee: 'named' }, 1, { present, named, ends: 0 })).toBeUndefined();
    const more = [...present, ...here(1, { contributes: false, from: 14 })];
    expect(select({ ...config, committee: 'named' }, 1, { present: more, named, ends: 0 })).toEqual({
      cohort: ids(5),
      seats: ids(5, 10),
      committee: { most: 5, least: 5 },
    });
  });

  it('samples a cohort of the size asked for, the same for a seed and round, another for others', () => {
    const pick = (seed: number, round: number) =>
      select({ ...config, seed, cohort: { least: 3, most: 10 } }, round, {
        present: here(100),
        named: new Set(),
        ends: 0,
      })!.cohort;
    expect(pick(1, 1)).toEqual(pick(1, 1));
    expect(pick(1, 1)).not.toEqual(pick(1, 2));
    expect(pick(1, 1)).not.toEqual(pick(2, 1));
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: 1000 }), (seed, round) => {
        const cohort = pick(seed, round);
        expect(new Set(cohort).size).toBe(10);
        expect(cohort.every((device) => ids(100).includes(device))).toBe(true);
      }),
    );
  });

  it('gives every device the same chance', () => {
    const chosen = new Map<string, number>();
    for (let round = 1; round <= 2000; round++)
      for (const device of select({ ...config, cohort: { least: 3, most: 5 } }, round, {
        present: here(20),
        named: new Set(),
        ends: 0,
      })!.cohort)
        chosen.set(device, (chosen.get(device) ?? 0) + 1);
    // 500 expected, standard deviation 19.
    for (const device of ids(20)) expect(Math.abs(chosen.get(device)! - 500)).toBeLessThan(100);
  });
});
