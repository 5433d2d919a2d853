import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

/** “Not now”, whatever was asked: the coordinator is busy, has heard too much from here, or its disk or database is away. */
const PASSING = ['too_busy', 'too_many_requests', 'disk_full', 'unavailable'];
const LONGEST_MS = 10 * 60_000;

/** A transport that asks again what was refused for now, when it was told to; after ten minutes the refusal is the answer. */
export function bePatient(transport: Transport, { now, sleep }: Pick<Clock, 'now' | 'sleep'>): Transport {
  async function patiently<T extends object>(ask: () => Promise<T | Rejection>): Promise<T | Rejection> {
    const until = now() + LONGEST_MS;
    for (;;) {
      const answer = await ask();
      if (!isRejection(answer) || answer.retryAfterMs === undefined || !PASSING.includes(answer.rejected))
        return answer;
      if (now() + answer.retryAfterMs > until) return answer;
      // Up to half as long again: those who were refused together do not come back together.
      await sleep(answer.retryAfterMs * (1 + Math.random() / 2));
    }
  }
  return {
    ...transport,
    request: (...args) => patiently(() => transport.request(...args)),
    fetch: (path) => patiently(() => transport.fetch(path)),
  };
}
