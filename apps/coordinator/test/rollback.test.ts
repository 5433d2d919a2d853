import { verifyTranscript } from '@sotto/participant/transcript-check';
import { isRejection } from '@sotto/protocol/rejection';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import { roundPlanOf } from '@sotto/protocol/transcript';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { firstModel } from '../src/rounds/first-model.ts';
import type { RunRequest } from '../src/rounds/run-request.ts';
import type { Task } from '../src/tasks/tasks.ts';
import { type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

/** Everyone learns the same, so that each round adds 0.1 to every weight, and the first weight is the accuracy. */
async function open(): Promise<Hall> {
  const clock = createMockClock();
  const hall = await openHall({ clock });
  halls.push(hall);
  for (let i = 0; i < 3; i++) guests.push(await seatGuest(hall, clock, { delta: 0.1 }));
  return hall;
}

async function play(hall: Hall, request: Omit<RunRequest, 'task'>): Promise<RunSummary> {
  const run = await hall.runs.create({ task: TASK, overSelection: 1, cohort: { least: 3 }, lanes: 1, ...request });
  if (isRejection(run)) throw new Error(run.message);
  return until('the run is finished', () => {
    const now = hall.runs.get(run.run)!;
    return now.state === 'finished' && now;
  });
}

const publishedOf = ({ rounds }: RunSummary): PublishedRound[] => rounds.filter((round) => round.kind === 'published');

describe('a run that goes on from a version', () => {
  it('starts there and says so, with a chain, a strategy and a guard that begin anew', async () => {
    const hall = await open();
    const momentum = { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 } as const;
    const first = await play(hall, { rounds: 2, strategy: momentum });
    const [good] = publishedOf(first);
    const second = await play(hall, { rounds: 2, strategy: momentum, startFrom: good!.model });
    expect(second.config.startFrom).toBe(good!.model);
    expect(second.initial).toEqual({
      model: good!.model,
      testAccuracy: good!.testAccuracy,
      testLoss: good!.testLoss,
      from: { run: first.run, round: 1 },
    });
    const transcripts = await Promise.all(
      publishedOf(second).map(async ({ transcript }) => (await hall.store.transcript(transcript))!),
    );
    const plans = transcripts.map(({ body }) => roundPlanOf(body));
    expect(plans.map(({ model }) => model)).toEqual([good!.model, publishedOf(second)[0]!.model]);
    expect(plans.map(({ previous }) => previous)).toEqual([null, publishedOf(second)[0]!.transcript]);
    const [begun] = transcripts.map(({ body }) => body);
    expect(begun).toMatchObject({ state: { before: null }, heldOut: { best: { accuracy: good!.testAccuracy } } });
    for (const [i, transcript] of transcripts.entries()) {
      const previous = transcripts[i - 1]?.body;
      const report = await verifyTranscript(transcript, previous ? { previous } : {});
      expect(report.problems).toEqual([]);
    }
    // Two steps from the good one: 0.1 and, with momentum, 0.15.
    expect(publishedOf(second)[1]!.testAccuracy).toBeCloseTo(good!.testAccuracy + 0.25, 2);
    expect(hall.errors).toEqual([]);
  });

  it('is no run when nobody made such a version, or its file is gone', async () => {
    const hall = await open();
    const { rounds } = await play(hall, { rounds: 1 });
    const { model } = rounds[0] as PublishedRound;
    const refusal = (startFrom: string) => hall.runs.create({ task: TASK, startFrom });
    expect(await refusal('0'.repeat(64))).toMatchObject({
      rejected: 'bad_config',
      message: expect.stringContaining('startFrom: the task numbers has no model 0000'),
    });
    await hall.blobs.remove(`models/${model}`);
    expect(await refusal(model)).toMatchObject({
      rejected: 'bad_config',
      message: expect.stringContaining('no longer there'),
    });
  });

  it('is no run when the task has another architecture by now', async () => {
    const hall = await open();
    const run = await play(hall, { rounds: 1 });
    const { model } = run.rounds[0] as PublishedRound;
    const changed = { manifest: { id: TASK }, topology: '{"layers":1}' } as unknown as Task;
    const ports = { blobs: hall.blobs, evaluate: vi.fn(), makeInitialModel: vi.fn() };
    expect(await firstModel(ports, changed, { seed: 1, startFrom: model }, [run])).toMatchObject({
      rejected: 'bad_config',
      message: expect.stringContaining('another architecture'),
    });
    expect(ports.evaluate).not.toHaveBeenCalled();
  });
});
