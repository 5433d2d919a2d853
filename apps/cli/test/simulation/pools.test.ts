import { TrainingError } from '@sotto/learner/training-error';
import type { Trainer } from '@sotto/learner/worker/client';
import { expect, test } from 'vitest';
import { createPool } from '../../src/simulation/pool.ts';
import { createTrainingPool } from '../../src/simulation/training-pool.ts';

test('a pool starts jobs in the order they came, one a worker, and goes on after one that fails', async () => {
  const pool = createPool(['a', 'b']);
  const started: string[] = [];
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const jobs = gates.map(({ promise }, i) =>
    pool.run(async (worker) => {
      started.push(`${i}${worker}`);
      await promise;
      return i;
    }),
  );
  await Promise.resolve();
  expect(started.map((each) => each[0])).toEqual(['0', '1']);
  gates[1]!.reject(new Error('broken'));
  await expect(jobs[1]).rejects.toThrow('broken');
  gates[0]!.resolve();
  await jobs[0];
  expect(started.map((each) => each[0])).toEqual(['0', '1', '2', '3']);
  gates[2]!.resolve();
  gates[3]!.resolve();
  expect(await Promise.all(jobs.slice(2))).toEqual([2, 3]);
});

/** Trains until told: `finish` ends the job under way, as `cancel` does. */
function fakeTrainer() {
  const jobs: { readonly seed: number; finish(): void; fail(error: Error): void }[] = [];
  const trainer = {
    train: ({ seed }: { seed: number }) =>
      new Promise((resolve, reject) => jobs.push({ seed, finish: () => resolve({ examples: seed }), fail: reject })),
    cancel: () => jobs.at(-1)!.fail(new TrainingError('cancelled', 'Training was cancelled.')),
    dispose() {},
  } as unknown as Trainer;
  return { trainer, jobs };
}

const request = (seed: number) => ({ seed }) as Parameters<Trainer['train']>[0];

test('cancelling ends the jobs of one seat, waiting or under way, and nobody else’s', async () => {
  const { trainer, jobs } = fakeTrainer();
  const faults: unknown[] = [];
  const pool = createTrainingPool([trainer], (error) => faults.push(error));
  const [first, second, third] = [pool.seat(), pool.seat(), pool.seat()];
  const trained = [first.train(request(1)), second.train(request(2)), third.train(request(3))];
  second.cancel();
  await expect(trained[1]).rejects.toMatchObject({ code: 'cancelled' });
  first.cancel();
  await expect(trained[0]).rejects.toMatchObject({ code: 'cancelled' });
  await expect.poll(() => jobs.length).toBe(2);
  jobs[1]!.finish();
  expect(await trained[2]).toEqual({ examples: 3 });
  expect(jobs.map(({ seed }) => seed)).toEqual([1, 3]);
  expect(faults).toEqual([]);
});

test('a job that fails is reported, for its participant’s update will not come', async () => {
  const { trainer, jobs } = fakeTrainer();
  const faults: unknown[] = [];
  const pool = createTrainingPool([trainer], (error) => faults.push(error));
  const trained = pool.seat().train(request(1));
  const broken = new TrainingError('not_finite', 'The loss is not a number.');
  await expect.poll(() => jobs.length).toBe(1);
  jobs[0]!.fail(broken);
  await expect(trained).rejects.toBe(broken);
  expect(faults).toEqual([broken]);
});
