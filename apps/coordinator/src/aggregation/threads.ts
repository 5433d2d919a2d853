import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvariantError } from '@sotto/protocol/rejection';
import { type Endpoint, expose, wrap } from 'comlink';
import { messageOf } from '../error-message.ts';
import type { Failpoint } from '../failpoints.ts';
import type { Engine } from './engine.ts';

type Jobs = Omit<Engine, 'close'>;

interface Thread {
  readonly jobs: Jobs;
  readonly worker: Worker;
  /** Calls under way, to be ended when the thread dies. */
  readonly underWay: Set<(reason: Error) => void>;
  /** A call failed in it, and its WebAssembly may be in any state: it gets no further ones, and ends after those under way. */
  spent: boolean;
}

/** The engine over a pool of worker threads, each started when the others are busy, each replaced when it dies or a call in it fails. */
export function createThreadEngine({
  folder,
  threads = Math.min(4, availableParallelism()),
  failpoint,
}: {
  /** Of the file blobs. */
  readonly folder: string;
  readonly threads?: number;
  readonly failpoint?: Failpoint | undefined;
}): Engine {
  const pool = new Set<Thread>();

  function start(): Thread {
    const { port1: near, port2: far } = new MessageChannel();
    const failing = failpoint && new MessageChannel();
    if (failing) expose(failpoint, failing.port1 as unknown as Endpoint);
    const worker = new Worker(new URL('./host.ts', import.meta.url), {
      name: 'sotto-aggregation',
      // It holds arrays of bytes and few objects: room for new ones only makes the process grow.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
      workerData: { port: far, folder, failing: failing?.port2 },
      transferList: [far as never, ...(failing ? [failing.port2 as never] : [])],
    });
    const jobs = wrap<Jobs>(near as unknown as Endpoint) as unknown as Jobs;
    const thread: Thread = { jobs, worker, underWay: new Set(), spent: false };
    pool.add(thread);
    const end = (reason: string) => {
      pool.delete(thread);
      near.close();
      failing?.port1.close();
      for (const fail of thread.underWay) fail(new InvariantError(`an aggregation thread is gone: ${reason}`));
    };
    worker.on('error', (error) => end(messageOf(error)));
    worker.on('exit', (code) => end(`it ended with status ${code}`));
    return thread;
  }

  function choose(): Thread {
    const fresh = [...pool].filter(({ spent }) => !spent);
    const idlest = fresh.reduce<Thread | undefined>(
      (best, thread) => (best === undefined || thread.underWay.size < best.underWay.size ? thread : best),
      undefined,
    );
    return idlest !== undefined && (idlest.underWay.size === 0 || fresh.length >= threads) ? idlest : start();
  }

  async function run<T>(call: (jobs: Jobs) => Promise<T>): Promise<T> {
    const thread = choose();
    const { underWay, jobs, worker } = thread;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    underWay.add(reject);
    call(jobs).then(resolve, reject);
    try {
      return await promise;
    } catch (error) {
      thread.spent = true;
      throw error;
    } finally {
      underWay.delete(reject);
      if (thread.spent && underWay.size === 0) void worker.terminate();
    }
  }

  return {
    verify: (upload) => run((jobs) => jobs.verify(upload)),
    sum: (request) => run((jobs) => jobs.sum(request)),
    judge: (request) => run((jobs) => jobs.judge(request)),
    open: (request) => run((jobs) => jobs.open(request)),
    combine: (request) => run((jobs) => jobs.combine(request)),
    step: (request) => run((jobs) => jobs.step(request)),
    async close() {
      await Promise.all([...pool].map(({ worker }) => worker.terminate()));
    },
  };
}
