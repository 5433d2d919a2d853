/**
 * How a page learns that its worker is gone. A worker that the browser ends, for want of memory or otherwise, fires no event; but a lock
 * that it held falls free at that moment.
 */

const HELD = 'sotto-lifeline-held';

interface WorkerScope {
  readonly name: string;
  postMessage(message: string): void;
}

/** In the worker: holds a lock of the worker's name, and says so. */
export function holdLifeline(): void {
  const scope = globalThis as unknown as WorkerScope;
  void navigator.locks?.request(scope.name, () => {
    scope.postMessage(HELD);
    return new Promise(() => {});
  });
}

/** In the page: calls back once the worker of this name, which must be the only one, no longer lives. */
export function watchLifeline(worker: Worker, name: string, onEnd: () => void): void {
  worker.addEventListener('message', ({ data }) => {
    if (data === HELD) void navigator.locks.request(name, onEnd);
  });
}
