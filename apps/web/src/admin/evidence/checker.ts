import { watchLifeline } from '@sotto/learner/worker/lifeline';
import type { Pins } from '@sotto/protocol/invite';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { CheckedFile } from './check.ts';

/** What the Worker says: how far it is, then what came of it. */
export type CheckerNews = { readonly done: number; readonly of: number } | { readonly result: CheckedFile | Rejection };

/**
 * Checks a file in a Worker of its own, which ends with it: signatures by the thousand, and sums that are opened again, would hold up the
 * page. Takes the bytes' memory. Never rejects.
 */
export function checkInWorker(
  bytes: Uint8Array<ArrayBuffer>,
  pins: Pins,
  { onProgress, signal }: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<CheckedFile | Rejection> {
  const name = `sotto-checker-${crypto.randomUUID()}`;
  const worker = new Worker(new URL('./checker.worker.ts', import.meta.url), { type: 'module', name });
  return new Promise((resolve) => {
    const end = (result: CheckedFile | Rejection) => {
      worker.terminate();
      resolve(result);
    };
    const gone = (why: string) =>
      end(
        reject(
          'checker_gone',
          `The part of this page that checks has ended: ${why}. Try again, or use “sotto verify”.`,
        ),
      );
    worker.addEventListener('message', ({ data }: MessageEvent<CheckerNews>) => {
      if (typeof data !== 'object') return;
      if ('result' in data) end(data.result);
      else onProgress(data.done / data.of);
    });
    worker.addEventListener('error', (event) => gone(event.message || 'it could not be loaded'));
    watchLifeline(worker, name, () => gone('the browser ended it'));
    signal.addEventListener('abort', () => end(reject('check_ended', 'The check was ended.')));
    worker.postMessage({ bytes, pins }, [bytes.buffer]);
  });
}
