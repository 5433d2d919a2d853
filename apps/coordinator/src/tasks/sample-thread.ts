import { Worker } from 'node:worker_threads';
import type { SampleRequest } from './samples.ts';

/** A request as it crosses to the thread. */
export type Order = Pick<SampleRequest['task'], 'folder' | 'source' | 'revision'> & Omit<SampleRequest, 'task'>;

export interface SampleThread {
  /** A shard as a file (see dataset-file.ts of the learner), gzipped. One call at a time. */
  encode(request: SampleRequest): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<unknown>;
}

/**
 * Deals and encodes training examples away from the thread that answers messages: a large data set takes a good part of a second. The
 * thread begins with the first request, reads each task's data once, and is replaced when it dies.
 */
export function createSampleThread(): SampleThread {
  let thread: Worker | undefined;
  return {
    encode(request) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
      thread ??= new Worker(new URL('./sample-thread.host.ts', import.meta.url), {
        name: 'sotto-samples',
      });
      const worker = thread;
      worker.once('message', resolve).once('error', reject).once('exit', gone);
      const { task, shard, limit } = request;
      const { folder, source, revision } = task;
      worker.postMessage({ folder, source, revision, shard, limit } satisfies Order);
      return promise.finally(() => worker.off('message', resolve).off('error', reject).off('exit', gone));

      function gone(code: number): void {
        thread = undefined;
        reject(new Error(`the thread that deals samples ended with status ${code}`));
      }
    },
    close: async () => thread?.terminate(),
  };
}
