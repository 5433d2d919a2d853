import * as Comlink from 'comlink';
import { TrainingError } from '../training-error.ts';
import type { Proceed, Report, Watching } from './report.ts';

/** Between two looks at the page: often enough to be smooth and to stop soon. */
const EVERY_MS = 50;

const cancelled = () => new TrainingError('cancelled', 'Reading was cancelled.');

/** In the worker: asks the page, now and then, whether to go on. */
export function reportTo(proceed: Proceed): Report {
  let last = performance.now();
  return async (done, total) => {
    if (done < total && performance.now() - last < EVERY_MS) return;
    if (!(await proceed(done, total))) throw cancelled();
    last = performance.now();
  };
}

/** In the page: what the worker asks. */
export function proceeding({ onProgress, signal }: Watching): Proceed {
  return Comlink.proxy((done: number, total: number) => {
    if (!signal.aborted) onProgress(done, total);
    return !signal.aborted;
  });
}

/** In the page: a reading that is told of and can be ended. */
export async function watched<T>(watching: Watching, read: (proceed: Proceed) => Promise<T>): Promise<T> {
  const { signal } = watching;
  try {
    const result = await read(proceeding(watching));
    if (!signal.aborted) return result;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  throw cancelled();
}
