import { type Rejection, reject } from '@sotto/protocol/rejection';
import { type Endpoint, type Remote, transfer, wrap } from 'comlink';
import type { Sealing } from './service.ts';

/** A thread that hosts the sealing, in a browser or in Node. */
export interface SealingThread {
  readonly endpoint: Endpoint;
  /** Resolves, with the reason, when the thread is gone: crashed or ended. Never rejects. */
  readonly gone: Promise<string>;
  readonly terminate: () => void;
}

type OrGone<Call> = Call extends (...args: infer Args) => Promise<infer Result>
  ? (...args: Args) => Promise<Result | Rejection>
  : never;

/** Every call settles, whatever becomes of the thread: with `sealer_gone` where it died or was closed underneath. */
export type Sealer = { readonly [Name in keyof Sealing]: OrGone<Sealing[Name]> } & {
  /** Ends the thread, for good. */
  close(): void;
};

/**
 * The near end of a sealing thread; after a crash the next call starts another. `seal` hands the delta's memory over: nobody on this side
 * should keep a plain update.
 */
export function createSealer(spawn: () => SealingThread): Sealer {
  let closed = false;
  let thread = start();

  function start() {
    const { endpoint, gone, terminate } = spawn();
    // Not a race against `gone`, which would keep every result until the thread ends.
    const waiting = new Set<(refused: Rejection) => void>();
    const own = { remote: wrap<Sealing>(endpoint), terminate, waiting, lost: null as Rejection | null };
    void gone.then((reason) => {
      const lost = reject(
        'sealer_gone',
        `The part of this device that seals and opens has ended (${reason}). It starts again with the next round.`,
      );
      own.lost = lost;
      for (const settle of waiting) settle(lost);
    });
    return own;
  }

  async function call<T>(work: (remote: Remote<Sealing>) => Promise<T>): Promise<T | Rejection> {
    if (thread.lost && !closed) thread = start();
    const { remote, waiting, lost } = thread;
    if (lost) return lost;
    const { promise: over, resolve } = Promise.withResolvers<Rejection>();
    waiting.add(resolve);
    try {
      return await Promise.race([work(remote), over]);
    } catch (cause) {
      return reject('sealing_failed', `Sealing or opening failed: ${cause instanceof Error ? cause.message : cause}`);
    } finally {
      waiting.delete(resolve);
    }
  }

  return {
    seal: (request) =>
      call(async (remote) => remote.seal(transfer(request, [request.result.delta.buffer as ArrayBuffer]))),
    prepare: () => call((remote) => remote.prepare()),
    check: (request) => call((remote) => remote.check(request)),
    open: (shares) => call((remote) => remote.open(shares)),
    close() {
      closed = true;
      thread.terminate();
    },
  };
}
