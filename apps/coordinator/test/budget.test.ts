import { isRejection, reject } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../src/aggregation/engine.ts';
import { spendingOf } from '../src/rounds/budget.ts';
import type { RunRequest } from '../src/rounds/run-request.ts';
import { createGuest, type Guest, type Hall, type HallOptions, newFolder, openHall, TASK, until } from './hall.ts';
import { createMockClock, type MockClock } from './mock-clock.ts';

const DP = { epsilon: 4, delta: 1e-5, contributors: 3 };

let hall: Hall;
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  await hall.crash();
});

async function open(options: Partial<HallOptions> = {}) {
  const clock = createMockClock();
  hall = await openHall({ clock, ...options });
  await join(clock, [0.1, 0.2, 0.3]);
  return clock;
}

async function join(clock: MockClock, deltas: readonly number[]): Promise<void> {
  for (const delta of deltas) {
    const guest = await createGuest(clock, { delta });
    guest.wire.connect(hall);
    await guest.participant.join();
    guests.push(guest);
  }
  await until('all are in', () => hall.sessions.present(TASK).length === guests.length);
}

async function begin(request: Partial<RunRequest>): Promise<string> {
  const run = await hall.runs.create({ task: TASK, overSelection: 1, dp: DP, ...request });
  if (isRejection(run)) throw new Error(run.message);
  return run.run;
}

const ended = (run: string) =>
  until('the run is finished', () => {
    const now = hall.runs.get(run)!;
    return now.state === 'finished' && now;
  });

/** ε after each round, null where none was opened. */
const spentIn = ({ rounds }: RunSummary) => rounds.map(({ epsilon }) => epsilon ?? null);

describe('the budget of a run', () => {
  it('is what all its rounds together may cost: said before, after each, and at the end', async () => {
    await open();
    const run = await begin({ rounds: 3 });
    expect(hall.runs.get(run)!.budget).toMatchObject({ ...DP, spent: 0, roundsLeft: 3 });
    const summary = await ended(run);
    expect(summary.rounds.map(({ kind }) => kind)).toEqual(['published', 'published', 'published']);
    const [first, second, last] = spentIn(summary) as [number, number, number];
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
    expect(last).toBeGreaterThan(second);
    expect(last).toBeLessThanOrEqual(DP.epsilon);
    expect(last).toBeGreaterThan(0.99 * DP.epsilon);
    expect(summary).toMatchObject({ note: null, budget: { spent: last, roundsLeft: 0 } });
    expect(hall.runs.status(TASK)!.budget).toEqual(summary.budget);
    // Nothing that is counted along the way was opened.
    expect(summary.rounds).toMatchObject([{ trainAccuracy: null }, { trainAccuracy: null }, { trainAccuracy: null }]);
  });

  it('is spent by rounds that were opened and not used, too; the run then ends before all are published, and says why', async () => {
    let opened = 0;
    const wrapEngine = (engine: Engine): Engine => ({
      ...engine,
      open: async (request) =>
        ++opened === 1 ? reject('impossible_sum', 'A sum that cannot be.') : engine.open(request),
    });
    const clock = await open({ wrapEngine });
    const run = await begin({ rounds: 2 });
    await until('the first is given up', () => hall.runs.get(run)!.rounds.length === 1);
    expect(hall.runs.get(run)!).toMatchObject({
      rounds: [{ kind: 'abandoned', reason: 'impossible_sum' }],
      budget: { roundsLeft: 1 },
    });
    clock.advance(60_000);
    const summary = await ended(run);
    expect(summary.rounds.map(({ kind }) => kind)).toEqual(['abandoned', 'published']);
    expect(summary.note).toMatch(/privacy budget is spent/);
    const [first, last] = spentIn(summary) as [number, number];
    expect(last).toBeGreaterThan(first);
    expect(last).toBeLessThanOrEqual(DP.epsilon);
  });

  it('is not touched by a round of which nothing was opened', async () => {
    await open();
    const run = await begin({ rounds: 2 });
    await hall.runs.pause(run, true);
    await until('it is given up', () => hall.runs.get(run)!.rounds.length === 1);
    expect(spentIn(hall.runs.get(run)!)).toEqual([null]);
    await hall.runs.resume(run);
    expect(spentIn(await ended(run)).slice(1)).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('is the same after the coordinator was killed, and ends the run where it would have ended', async () => {
    const folder = newFolder();
    const clock = await open({ folder });
    const run = await begin({ rounds: 2 });
    const before = await until('a round is published', () => {
      const { rounds, budget } = hall.runs.get(run)!;
      return (rounds.length === 1 && budget) || undefined;
    });
    for (const { wire } of guests) wire.cut();
    await hall.crash();
    hall = await openHall({ clock, folder });
    expect(hall.runs.get(run)!.budget).toEqual(before);
    for (const { wire } of guests) wire.connect(hall);
    const summary = await ended(run);
    expect(spentIn(summary)).toEqual([before.spent, expect.any(Number)]);
    expect(summary.budget).toMatchObject({ roundsLeft: 0 });
  });

  it('is spent once by a round in groups: a device is in one of them', async () => {
    const clock = await open();
    await join(clock, [0.4, 0.5, 0.6]);
    const run = await begin({ rounds: 2, cohort: { least: 6 }, groups: { count: 2, least: 2 } });
    const summary = await ended(run);
    expect(summary.rounds).toMatchObject([
      { kind: 'published', groups: [{ contributors: 3 }, { contributors: 3 }], exposures: [{}] },
      { kind: 'published', exposures: [{}] },
    ]);
    expect(summary.budget).toMatchObject({ roundsLeft: 0 });
    expect(summary.budget!.spent).toBeGreaterThan(0.99 * DP.epsilon);
  });

  it('is null in a run without noise, whose rounds cost what cannot be counted', async () => {
    await open();
    const summary = await ended(await begin({ rounds: 1, dp: null }));
    expect(summary.budget).toBeNull();
    expect(spentIn(summary)).toEqual([null]);
  });
});

describe('a run with noise', () => {
  it('opens no sum of fewer contributors than its noise is counted on', async () => {
    await open();
    expect(await hall.runs.create({ task: TASK, dp: DP, minimumCohort: 3 })).toMatchObject({ config: { dp: DP } });
    await hall.runs.stop(hall.runs.latest(TASK)!.run);
    expect(await hall.runs.create({ task: TASK, dp: { ...DP, contributors: 5 }, minimumCohort: 4 })).toMatchObject({
      rejected: 'bad_config',
      message: expect.stringContaining('raise minimumCohort'),
    });
    expect(await hall.runs.create({ task: TASK, dp: { ...DP, contributors: 5 } })).toMatchObject({
      config: { minimumCohort: 5, cohort: { least: 5 } },
    });
  });

  it('is not begun where a single round would cost more than all of it may', async () => {
    await open();
    const dp = { ...DP, noiseMultiplier: 0.5 };
    expect(await hall.runs.create({ task: TASK, dp })).toMatchObject({
      rejected: 'bad_config',
      message: expect.stringContaining('raise dp.noiseMultiplier or dp.epsilon'),
    });
  });

  it('writes down once what groups with the same numbers exposed', () => {
    const encoding = {
      lambda: 100,
      clip: 1,
      ranges: [{ size: 10, range: 1 }],
    };
    const noise = { mechanism: 'skellam' as const, variance: 1000, contributors: 3, epsilon: 4, delta: 1e-5 };
    const plan = { encoding, noise } as never;
    const other = { encoding, noise: { ...noise, variance: 2000 } } as never;
    expect(spendingOf({ dp: DP, rounds: 3 }, [], [plan, plan, other]).exposures).toHaveLength(2);
    expect(spendingOf({ dp: DP, rounds: 3 }, [], [])).toEqual({});
    expect(spendingOf({ dp: null, rounds: 3 }, [], [plan])).toEqual({});
  });
});
