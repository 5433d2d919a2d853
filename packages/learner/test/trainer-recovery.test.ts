import type { Endpoint } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import type { PreparedBackend } from '../src/backend.ts';
import type { Dataset } from '../src/dataset.ts';
import type { LearnerService, Outcome, PrepareOptions } from '../src/service.ts';
import { createTrainer, type Trainer } from '../src/worker/client.ts';
import { exposeService } from '../src/worker/host.ts';

const dataset = (size: number): Dataset => ({
  inputs: new Uint8Array(size),
  shape: [1],
  scale: 1,
  labels: new Int32Array(size),
});
const model = new Uint8Array(1);
const evaluation = { examples: 1, correct: 1, accuracy: 1, loss: 0, confusion: [[1]] };
const WEBGPU: PreparedBackend = { backend: 'webgpu', report: [], machine: 'this', remembered: false };

/** Workers whose learner does as it is told; each new one is the last of `workers`. */
interface FakeWorker {
  readonly crash: (reason: string) => void;
  readonly prepared: (PrepareOptions | undefined)[];
  readonly seen: Dataset[];
  /** Messages that arrived. */
  readonly heard: () => number;
}

let trainer: Trainer;
afterEach(() => trainer.dispose());

function start(
  evaluate: (worker: number) => Promise<Outcome<typeof evaluation>>,
  patience?: { everyMs: number; times: number },
): FakeWorker[] {
  const workers: FakeWorker[] = [];
  trainer = createTrainer(() => {
    const { port1: near, port2: far } = new MessageChannel();
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    const terminate = (reason: string) => {
      near.close();
      resolve(reason);
    };
    const number = workers.length;
    let heard = 0;
    far.addEventListener('message', () => heard++);
    const worker: FakeWorker = { crash: terminate, prepared: [], seen: [], heard: () => heard };
    workers.push(worker);
    const service: Partial<LearnerService> = {
      prepare: async (options) => {
        worker.prepared.push(options);
        return { value: WEBGPU };
      },
      evaluate: async (request) => {
        worker.seen.push(request.dataset);
        return evaluate(number);
      },
    };
    exposeService(service as LearnerService, far as unknown as Endpoint);
    near.start();
    return { endpoint: near as unknown as Endpoint, gone, terminate };
  }, patience);
  return workers;
}

const answer = async () => ({ value: evaluation });
const never = () => new Promise<never>(() => {});

describe('a trainer whose worker died', () => {
  it('ends the job under way with its reason, and serves the next with a new worker on the same backend', async () => {
    const workers = start((worker) => (worker === 0 ? never() : answer()));
    await trainer.prepare();
    const running = trainer.evaluate({ model, dataset: dataset(3) });
    workers[0]!.crash('the browser ended it');
    await expect(running).rejects.toMatchObject({
      code: 'worker_gone',
      message: expect.stringContaining('the browser ended it'),
    });
    expect(await trainer.evaluate({ model, dataset: dataset(3) })).toEqual(evaluation);
    expect(workers).toHaveLength(2);
    expect(workers[1]!.prepared).toEqual([{ remembered: WEBGPU }]);
  });

  it('leaves a backend of which two died one after the other, unless somebody insists on it', async () => {
    for (const force of [undefined, 'webgpu']) {
      const workers = start((worker) => (worker < 2 ? never() : answer()));
      await trainer.prepare(force === undefined ? {} : { force });
      for (const i of [0, 1]) {
        const running = trainer.evaluate({ model, dataset: dataset(3) });
        workers[i]!.crash('it crashed');
        await expect(running).rejects.toMatchObject({ code: 'worker_gone' });
      }
      await trainer.evaluate({ model, dataset: dataset(3) });
      expect(workers[2]!.prepared).toEqual([force === undefined ? { avoid: ['webgpu'] } : { force }]);
      trainer.dispose();
    }
  });

  it('is not one that works long and answers when it is asked whether it lives', async () => {
    const workers = start(never, { everyMs: 2, times: 3 });
    const running = trainer.evaluate({ model, dataset: dataset(1) });
    // Those that announce and use the dataset, and then many more asks than a silent worker would get.
    await expect.poll(() => workers[0]!.heard()).toBeGreaterThan(12);
    expect(workers).toHaveLength(1);
    workers[0]!.crash('it crashed');
    await expect(running).rejects.toMatchObject({ message: expect.stringContaining('it crashed') });
  });

  it('gives up one that no longer answers', async () => {
    const { port1: near } = new MessageChannel();
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    trainer = createTrainer(
      () => ({
        endpoint: near as unknown as Endpoint,
        gone,
        terminate: (reason) => {
          near.close();
          resolve(reason);
        },
      }),
      { everyMs: 2, times: 3 },
    );
    await expect(trainer.evaluate({ model, dataset: dataset(1) })).rejects.toMatchObject({
      code: 'worker_gone',
      message: expect.stringContaining('no longer answered'),
    });
  });

  it('starts a new one when memory ran out', async () => {
    const workers = start((worker) =>
      worker === 0
        ? Promise.resolve({ failure: { code: 'out_of_memory', message: 'too little memory' } } as const)
        : answer(),
    );
    await expect(trainer.evaluate({ model, dataset: dataset(3) })).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(await trainer.evaluate({ model, dataset: dataset(3) })).toEqual(evaluation);
    expect(workers).toHaveLength(2);
  });
});

describe('a dataset', () => {
  it('crosses to a worker once, however often it is used, and again to the next worker', async () => {
    const workers = start(answer);
    const [used, other] = [dataset(3), dataset(4)];
    for (const data of [used, other, used, used]) await trainer.evaluate({ model, dataset: data });
    const [first, second, third, fourth] = workers[0]!.seen;
    expect(second!.labels).toHaveLength(4);
    expect(third).toBe(first);
    expect(fourth).toBe(first);
    workers[0]!.crash('it crashed');
    await expect(trainer.evaluate({ model, dataset: used })).rejects.toMatchObject({ code: 'worker_gone' });
    await trainer.evaluate({ model, dataset: used });
    expect(workers[1]!.seen[0]).toEqual(used);
  });

  it('is dropped for those used since, and sent anew', async () => {
    const workers = start(answer);
    const many = Array.from({ length: 6 }, (_, i) => dataset(i + 1));
    for (const data of [...many, many[0]!]) await trainer.evaluate({ model, dataset: data });
    const { seen } = workers[0]!;
    expect(seen.map(({ labels }) => labels.length)).toEqual([1, 2, 3, 4, 5, 6, 1]);
    expect(seen[6]).not.toBe(seen[0]);
  });
});
