import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { Clock } from './clock.ts';
import { lineLost, type Transport } from './transport.ts';

/** “Not now”, whatever was asked: the coordinator is busy, has heard too much from here, or its disk or database is away. */
const PASSING = ['too_busy', 'too_many_requests', 'disk_full', 'unavailable'];
const LONGEST_MS = 10 * 60_000;

/**
 * A transport that asks again what was refused for now, when it was told to; after ten minutes the refusal is the answer. A request that
 * waits is lost with the connection, as one under way is: on another connection it may make no sense, and whoever waited for it would
 * learn so only after everything has been asked anew.
 */
export function bePatient(transport: Transport, { now, sleep }: Pick<Clock, 'now' | 'sleep'>): Transport {
  const waiting = new Set<() => void>();

  async function patiently<T extends object>(
    ask: () => Promise<T | Rejection>,
    wait: (ms: number) => Promise<Rejection | undefined>,
  ): Promise<T | Rejection> {
    const until = now() + LONGEST_MS;
    for (;;) {
      const answer = await ask();
      if (!isRejection(answer) || answer.retryAfterMs === undefined || !PASSING.includes(answer.rejected))
        return answer;
      if (now() + answer.retryAfterMs > until) return answer;
      // Up to half as long again: those who were refused together do not come back together.
      const lost = await wait(answer.retryAfterMs * (1 + Math.random() / 2));
      if (lost) return lost;
    }
  }

  async function waitConnected(ms: number): Promise<Rejection | undefined> {
    const { promise: hungUp, resolve } = Promise.withResolvers<Rejection>();
    const lose = () => resolve(lineLost());
    waiting.add(lose);
    const lost = await Promise.race([sleep(ms).then(() => undefined), hungUp]);
    waiting.delete(lose);
    return lost;
  }

  return {
    ...transport,
    open: ({ onHint, onDisconnect }) =>
      transport.open({
        onHint,
        onDisconnect(reason) {
          for (const lose of waiting) lose();
          onDisconnect(reason);
        },
      }),
    request: (...args) => patiently(() => transport.request(...args), waitConnected),
    fetch: (path) =>
      patiently(
        () => transport.fetch(path),
        (ms) => sleep(ms).then(() => undefined),
      ),
  };
}
