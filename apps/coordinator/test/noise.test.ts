import { isRejection } from '@sotto/protocol/rejection';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunRequest } from '../src/rounds/run-request.ts';
import { type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

/** Five devices, each of which learns 0.1 for every weight. */
async function fullHall(): Promise<Hall> {
  const clock = createMockClock();
  const hall = await openHall({ clock });
  halls.push(hall);
  for (let i = 0; i < 5; i++) guests.push(await seatGuest(hall, clock));
  return hall;
}

const asked = (hall: Hall, request: Omit<RunRequest, 'task'>) =>
  hall.runs.create({ task: TASK, overSelection: 1, ...request });

describe('a run with a privacy goal', () => {
  it('has rounds of which only the noisy sum is ever opened, and nothing exact beside it', async () => {
    const hall = await fullHall();
    const run = await asked(hall, { rounds: 2, dp: { epsilon: 2, delta: 1e-5, contributors: 4, clip: 1 } });
    if (isRejection(run)) throw new Error(run.message);
    const summary = await until('the run is over', () => {
      const now = hall.runs.get(run.run)!;
      return now.state === 'finished' && now;
    });
    expect(summary.config.minimumCohort).toBe(4);
    expect(summary.rounds).toMatchObject([
      { kind: 'published', contributors: 5, trainAccuracy: null, trainLoss: null },
      { kind: 'published', contributors: 5, trainAccuracy: null, trainLoss: null },
    ]);
    expect(hall.opened).toHaveLength(2);
    for (const { planHash, levels, contributors } of hall.opened) {
      const { plan } = (await hall.store.plan(planHash))!;
      expect(plan).toMatchObject({ minimumCohort: 4, noise: { contributors: 4, epsilon: 2, delta: 1e-5 } });
      expect(plan.encoding).toMatchObject({ clip: 1, metadata: [] });
      // Ten equal weights, rotated to very different ones: without noise five levels would be no such sums.
      const { range } = plan.encoding.ranges[0]!;
      const length = Math.hypot(...levels) * (range / plan.encoding.lambda);
      const deviation = (range / plan.encoding.lambda) * Math.sqrt(contributors.length * plan.noise!.variance);
      expect(length).toBeGreaterThan(0.2 * deviation * Math.sqrt(levels.length));
      expect(length).toBeLessThan(4 * deviation * Math.sqrt(levels.length) + contributors.length);
    }
  });

  it('is refused where the noise cannot be what was asked for, and says what to change', async () => {
    const hall = await fullHall();
    const dp = { epsilon: 2, delta: 1e-5, contributors: 3 };
    for (const [request, words] of [
      [{ dp: { ...dp, contributors: 6 }, minimumCohort: 5 }, 'raise minimumCohort or lower dp.contributors'],
      [{ dp: { ...dp, clip: 11 } }, 'dp.clip'],
      [{ dp: { ...dp, epsilon: 0.01 }, lanes: 4, rounds: 10_000 }, 'Use fewer lanes, a larger epsilon'],
    ] as const)
      expect(await asked(hall, request)).toMatchObject({
        rejected: 'bad_config',
        message: expect.stringContaining(words),
      });
  });
});
