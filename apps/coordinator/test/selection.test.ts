import { DEFAULT_DURATIONS, type RunConfig } from '@sotto/protocol/run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { select } from '../src/rounds/selection.ts';

const config: RunConfig = {
  task: 'numbers',
  rounds: 1,
  cohort: { least: 3, most: 200 },
  overSelection: 1.3,
  minimumCohort: 3,
  committee: 'drawn',
  admission: 'open',
  lanes: 2,
  bits: 8,
  rotation: 'auto',
  ranges: 'adaptive',
  durations: DEFAULT_DURATIONS,
  strategy: { name: 'FedAvg' },
  schedule: { name: 'constant', warmup: 0 },
  earlyStopping: null,
  fractionFit: 1,
  dp: null,
  keepCiphertexts: 1,
  groups: null,
  robust: null,
  guard: { mostDrop: 0.2, mostRise: 2 },
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
    standing: 'admitted' as const,
    attended: 0,
    about: null,
    network: null,
  }));
}

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `d${from + i}`);

describe('selection', () => {
  it('waits until enough devices that contribute are here', () => {
    const present = [...here(2), ...here(5, { contributes: false, from: 2 })];
    expect(select(config, 1, { present, named: new Set(), silent: new Set(), ends: 0 })).toBeUndefined();
    expect(select(config, 1, { present: here(3), named: new Set(), silent: new Set(), ends: 0 })).toMatchObject({
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
    expect(select({ ...config, admission: 'certified' }, 1, { present, named, silent: new Set(), ends })).toMatchObject(
      {
        cohort: ids(3, 9),
        seats: ids(3, 9),
        committee: { most: 3, least: 3 },
      },
    );
    const fewer = present.slice(0, -1);
    expect(
      select({ ...config, admission: 'certified' }, 1, { present: fewer, named, silent: new Set(), ends }),
    ).toBeUndefined();
    expect(select(config, 1, { present, named, silent: new Set(), ends })?.cohort).toHaveLength(12);
  });

  it('draws a committee of seven, longest present first, with as many spares', () => {
    expect(select(config, 1, { present: here(50), named: new Set(), silent: new Set(), ends: 0 })).toMatchObject({
      cohort: ids(50),
      seats: ids(14),
      committee: { most: 7, least: 3 },
    });
  });

  it('seats named devices only, contributing or not, once so many are here that a few may go', () => {
    const named = new Set(ids(6, 10));
    const present = [...here(5), ...here(4, { contributes: false, from: 10 })];
    expect(
      select({ ...config, committee: 'named' }, 1, { present, named, silent: new Set(), ends: 0 }),
    ).toBeUndefined();
    const more = [...present, ...here(1, { contributes: false, from: 14 })];
    expect(
      select({ ...config, committee: 'named' }, 1, { present: more, named, silent: new Set(), ends: 0 }),
    ).toMatchObject({
      cohort: ids(5),
      seats: ids(5, 10),
      committee: { most: 5, least: 5 },
    });
  });

  it('samples a cohort of the size asked for, the same for a seed and round, another for others', () => {
    const pick = (seed: number, round: number) =>
      select({ ...config, seed, overSelection: 1, cohort: { least: 3, most: 10 } }, round, {
        present: here(100),
        named: new Set(),
        silent: new Set(),
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
      for (const device of select({ ...config, overSelection: 1, cohort: { least: 3, most: 5 } }, round, {
        present: here(20),
        named: new Set(),
        silent: new Set(),
        ends: 0,
      })!.cohort)
        chosen.set(device, (chosen.get(device) ?? 0) + 1);
    // 500 expected, standard deviation 19.
    for (const device of ids(20)) expect(Math.abs(chosen.get(device)! - 500)).toBeLessThan(100);
  });

  it('asks 1.3 times as many as are wanted where so many are here, and everyone otherwise', () => {
    const asked = (count: number, overSelection: number, most = 10) => {
      const selection = select({ ...config, overSelection, cohort: { least: 3, most } }, 1, {
        present: here(count),
        named: new Set(),
        silent: new Set(),
        ends: 0,
      })!;
      return [selection.cohort.length, selection.quorum, selection.nMax];
    };
    expect(asked(100, 1.3)).toEqual([13, 10, 10]);
    expect(asked(12, 1.3)).toEqual([12, 9, 10]);
    expect(asked(10, 1.3)).toEqual([10, 7, 10]);
    expect(asked(4, 1.3)).toEqual([4, 3, 4]);
    expect(asked(3, 1.3)).toEqual([3, 3, 3]);
    expect(asked(100, 1)).toEqual([10, 10, 10]);
    expect(asked(1000, 1.1, 110)).toEqual([121, 110, 110]);
    expect(asked(1000, 3, 200)).toEqual([600, 200, 200]);
  });

  it('keeps minimumCohort ≤ quorum ≤ nMax ≤ asked, whatever is here', () => {
    const sizes = fc.record({
      count: fc.integer({ min: 3, max: 300 }),
      least: fc.integer({ min: 3, max: 20 }),
      more: fc.integer({ min: 0, max: 200 }),
      minimum: fc.integer({ min: 0, max: 17 }),
      overSelection: fc.double({ min: 1, max: 3, noNaN: true }),
      quiet: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(sizes, ({ count, least, more, minimum, overSelection, quiet }) => {
        const minimumCohort = Math.max(3, least - minimum);
        const cohort = { least, most: least + more };
        const silent = new Set(ids(quiet));
        const selection = select({ ...config, overSelection, cohort, minimumCohort }, 1, {
          present: here(count),
          named: new Set(),
          silent,
          ends: 0,
        });
        if (count < least) {
          expect(selection).toBeUndefined();
          return;
        }
        const { cohort: asked, quorum, nMax, unreliable, committee, seats } = selection!;
        expect([minimumCohort <= quorum, quorum <= nMax, nMax <= asked.length]).toEqual([true, true, true]);
        expect(new Set(asked).size).toBe(asked.length);
        expect(unreliable).toEqual(asked.filter((device) => silent.has(device)));
        expect(committee.most <= seats.length && committee.least <= committee.most).toBe(true);
      }),
    );
  });

  it('asks devices that were silent for rounds last, and seats them last', () => {
    const silent = new Set(ids(4));
    const pick = (most: number) =>
      select({ ...config, overSelection: 1, cohort: { least: 3, most } }, 1, {
        present: here(10),
        named: new Set(),
        silent,
        ends: 0,
      })!;
    expect(pick(6)).toMatchObject({ cohort: ids(6, 4), unreliable: [] });
    const more = pick(8);
    expect(more.cohort.slice(0, 6)).toEqual(ids(6, 4));
    expect(more.unreliable).toEqual(more.cohort.slice(6));
    expect(more.seats.slice(0, 6)).toEqual(ids(6, 4));
    // Were all silent, all would be asked again: nobody is lost for good.
    expect(select(config, 1, { present: here(4), named: new Set(), silent, ends: 0 })).toMatchObject({
      cohort: ids(4),
      unreliable: ids(4),
    });
  });
});
