import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ModelEnds } from '@sotto/learner/architecture';
import type { Task } from './tasks.ts';

/**
 * The model file a run starts from, weights drawn from `seed`. TensorFlow.js stays out of the coordinator's own thread: it is loaded in
 * one that ends with the answer.
 * @throws Error when the topology is not one of a classifier, or its ends are not those expected.
 */
export function makeInitialModel(
  topology: string,
  seed: number,
  expected?: ModelEnds,
): Promise<Uint8Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  const worker = new Worker(new URL('./initial-model.host.ts', import.meta.url), {
    workerData: { topology, seed, expected },
  });
  worker.on('message', (answer: { model: Uint8Array<ArrayBuffer> } | { fault: string }) => {
    if ('model' in answer) resolve(answer.model);
    else reject(new Error(answer.fault));
    void worker.terminate();
  });
  worker.on('error', reject);
  worker.on('exit', (code) => reject(new Error(`the thread that makes models ended with status ${code}`)));
  return promise;
}

/** The model file a run of a task starts from: the task's own, or one whose weights are drawn. */
export async function makeFirstModel(
  { topology, weights }: Pick<Task, 'topology' | 'weights'>,
  seed: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return weights === null ? makeInitialModel(topology, seed) : new Uint8Array(await readFile(weights));
}
