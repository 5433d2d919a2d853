import { isRejection } from '@sotto/protocol/rejection';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunRequest } from '../src/rounds/run-request.ts';
import { type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock, type MockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

async function open(options: Partial<Parameters<typeof openHall>[0]> & { readonly clock: MockClock }): Promise<Hall> {
  const hall = await openHall(options);
  halls.push(hall);
  return hall;
}

/** Everyone learns the same, so that the mean of a round is `delta` in every weight. */
async function fill(hall: Hall, clock: MockClock, delta: number, count = 3): Promise<void> {
  for (let i = 0; i < count; i++) guests.push(await seatGuest(hall, clock, { delta }));
}

async function begin(hall: Hall, request: Omit<RunRequest, 'task'>): Promise<string> {
  // Levels so fine that rounding does not show.
  const run = await hall.runs.create({ task: TASK, overSelection: 1, cohort: { least: 3 }, lanes: 1, ...request });
  if (isRejection(run)) throw new Error(run.message);
  return run.run;
}

function finished(hall: Hall, run: string): Promise<RunSummary> {
  return until('the run is finished', () => {
    const now = hall.runs.get(run)!;
    return now.state === 'finished' && now;
  });
}

const publishedOf = ({ rounds }: RunSummary): PublishedRound[] => rounds.filter((round) => round.kind === 'published');

describe('a run with a strategy', () => {
  it('tells devices in the plan at what rate they learn in this round, and how near to the model they stay', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    await fill(hall, clock, 0.1);
    const run = await begin(hall, {
      rounds: 3,
      strategy: { name: 'FedProx', proximal_mu: 0.5 },
      schedule: { name: 'step', every: 1, factor: 0.5, warmup: 1 },
    });
    const rounds = publishedOf(await finished(hall, run));
    const plans = await Promise.all(hall.opened.map(async ({ planHash }) => (await hall.store.plan(planHash))!.plan));
    const full = plans[1]!.training.optimizer.learningRate;
    expect(plans.map(({ training }) => training.optimizer.learningRate)).toEqual([full / 2, full, full / 2]);
    expect(plans.map(({ training }) => training.proximalMu)).toEqual([0.5, 0.5, 0.5]);
    expect(rounds.map(({ learningRate }) => learningRate)).toEqual([full / 2, full, full / 2]);
  });

  it('goes on with what the strategy remembers, also after the coordinator died', async () => {
    const clock = createMockClock();
    const first = await open({ clock });
    await fill(first, clock, 0.125);
    const run = await begin(first, {
      rounds: 3,
      strategy: { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 },
    });
    await until('the first round is published', () => publishedOf(first.runs.get(run)!).length > 0);
    halls.splice(halls.indexOf(first), 1);
    await first.crash();
    const second = await open({ clock, folder: first.folder });
    for (const { wire } of guests) {
      wire.cut();
      wire.connect(second);
    }
    const rounds = publishedOf(await finished(second, run));
    // Momentum 1, 1.5 and 1.75 times the mean.
    const expected = [1, 2.5, 4.25].map((times) => 0.125 * times);
    for (const [i, { testAccuracy }] of rounds.entries()) expect(testAccuracy).toBeCloseTo(expected[i]!, 2);
    expect(new Set(rounds.map(({ state }) => state)).size).toBe(3);
    // The one to go on from, and the one before the round whose ciphertexts are kept.
    const states = rounds.slice(-2).map(({ state }) => `states/${state}`);
    expect((await second.blobs.list('states')).toSorted()).toEqual(states.toSorted());
    expect(await second.blobs.list('means')).toEqual([]);
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  it('wants updates of a share of those present, and no fewer than it may open', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    await fill(hall, clock, 0.1, 8);
    const half = publishedOf(await finished(hall, await begin(hall, { rounds: 1, fractionFit: 0.5 })));
    expect(half[0]!.contributors).toBe(4);
    const few = publishedOf(await finished(hall, await begin(hall, { rounds: 1, fractionFit: 0.01 })));
    expect(few[0]!.contributors).toBe(3);
  });

  it('is over once rounds bring no gain, says why, and names the model that did best', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    await fill(hall, clock, -0.1);
    const run = await begin(hall, { rounds: 9, earlyStopping: { metric: 'accuracy', patience: 2, minDelta: 0 } });
    const summary = await finished(hall, run);
    const [first, second, ...more] = publishedOf(summary);
    expect(more).toEqual([]);
    expect(summary.note).toBe('Accuracy on held-out data did not rise in the last 2 rounds: the run is over early.');
    expect(second!.testAccuracy).toBeLessThan(first!.testAccuracy);
    expect(first!.testAccuracy).toBeLessThan(summary.initial.testAccuracy);
    expect(summary.best).toEqual({ round: 0, ...summary.initial });
  });

  it('is not begun with numbers that make no strategy, schedule or share', async () => {
    const hall = await open({ clock: createMockClock() });
    for (const [field, request] of [
      ['strategy.tau', { strategy: { name: 'FedAdam', eta: 1, beta_1: 0.9, beta_2: 0.9, tau: 0 } }],
      ['schedule.factor', { schedule: { name: 'exponential', factor: 2, warmup: 0 } }],
      ['fractionFit', { fractionFit: 0 }],
    ] satisfies [string, Omit<RunRequest, 'task'>][])
      expect(await hall.runs.create({ task: TASK, ...request })).toMatchObject({
        rejected: 'bad_config',
        message: expect.stringContaining(field),
      });
  });
});
