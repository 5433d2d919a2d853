import { REQUESTS } from '@sotto/protocol/messages';
import { isRejection } from '@sotto/protocol/rejection';
import { aroundCalls } from '../around-calls.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Desk } from '../desk/desk.ts';
import type { Send } from '../desk/sessions.ts';
import { weightOf } from '../desk/weight.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from './metrics.ts';

/** The store, with a stopwatch, and a count of the updates it takes. */
export function measuredStore(store: Store, { took, accepted }: Metrics): Store {
  const measured = timed(store, (call, seconds) => took('store', call, seconds));
  return {
    ...measured,
    async append(entry) {
      await measured.append(entry);
      if (entry.event.type === 'update') accepted();
    },
  };
}

/** The blobs, with a stopwatch. */
export function measuredBlobs(blobs: Blobs, { took }: Metrics): Blobs {
  return timed(blobs, (call, seconds) => took('blobs', call, seconds));
}

/** The desk, with a scale: what goes in and what goes out. */
export function measuredDesk(desk: Desk, { passed }: Metrics): Desk {
  return {
    ...desk,
    open(send, ...rest) {
      const weighing: Send = (hint, payload) => {
        passed('out', hint, weightOf(payload));
        send(hint, payload);
      };
      const session = desk.open(weighing, ...rest);
      return {
        ...session,
        async receive(name, payload, bytes) {
          // A label of a peer's choosing would let it fill our memory with them.
          const message = typeof name === 'string' && Object.hasOwn(REQUESTS, name) ? name : 'unknown';
          const attached = bytes?.length ?? 0;
          const answered = await session.receive(name, payload, bytes);
          // What was refused may be of any depth and is not looked into.
          if (isRejection(answered)) {
            passed('in', message, attached);
            passed('out', message, weightOf(answered));
          } else {
            passed('in', message, attached + weightOf(payload as object));
            passed('out', message, weightOf(answered.reply) + (answered.bytes?.length ?? 0));
          }
          return answered;
        },
      };
    },
  };
}

/** The port, each of its asynchronous calls timed until it is settled. */
function timed<Port extends object>(port: Port, took: (call: string, seconds: number) => void): Port {
  return aroundCalls(port, (name, call) => (...values) => {
    const began = performance.now();
    const result = call(...values);
    if (!(result instanceof Promise)) return result;
    return result.finally(() => took(name, (performance.now() - began) / 1000));
  });
}
