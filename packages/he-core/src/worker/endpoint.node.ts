import type { MessagePort, Worker } from 'node:worker_threads';
import type { Endpoint } from 'comlink';

type Listener = EventListenerOrEventListenerObject;

/** A worker thread or its port as a comlink endpoint (comlink's own adapter comes without resolvable types). */
export function nodeEndpoint(port: Worker | MessagePort): Endpoint {
  const heard = new WeakMap<Listener, (data: unknown) => void>();
  return {
    postMessage: (message, transferred = []) => port.postMessage(message, transferred as ArrayBuffer[]),
    addEventListener(_type, listener) {
      const hear = (data: unknown) => {
        const event = new MessageEvent('message', { data });
        if (typeof listener === 'function') listener(event);
        else listener.handleEvent(event);
      };
      heard.set(listener, hear);
      port.on('message', hear);
    },
    removeEventListener(_type, listener) {
      const hear = heard.get(listener);
      if (hear) port.off('message', hear);
    },
  };
}
