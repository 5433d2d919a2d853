import type { Hint, Transport, TransportListeners } from '@sotto/participant/transport';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import type { RequestName, RequestOf } from '@sotto/protocol/messages';
import { reject } from '@sotto/protocol/rejection';

/** Sees what goes over a device's line. */
export interface Witness {
  readonly heard: (hint: Hint) => void;
  readonly asks: <Name extends RequestName>(name: Name, payload: RequestOf<Name>, bytes: number) => void;
  readonly answered: <Name extends RequestName>(name: Name, payload: RequestOf<Name>, reply: object) => void;
}

/** A device's way to wherever the coordinator listens now: real sockets, another one after each of its restarts. */
export interface Line extends Transport {
  connect(url: string): void;
}

export function createLine(witness: Witness): Line {
  let inner: Transport | undefined;
  let listeners: TransportListeners | undefined;

  function dial(): void {
    const given = listeners;
    const dialled = inner;
    if (!given || !dialled) return;
    dialled.open({
      onHint(hint) {
        if (dialled !== inner) return;
        witness.heard(hint);
        given.onHint(hint);
      },
      onDisconnect: (reason) => {
        if (dialled === inner) given.onDisconnect(reason);
      },
    });
  }

  return {
    connect(url) {
      inner?.close();
      inner = createSocketTransport(url);
      dial();
    },
    open(given) {
      listeners = given;
      dial();
    },
    close() {
      inner?.close();
      listeners = undefined;
    },
    async request(name, payload, bytes) {
      witness.asks(name, payload, bytes?.length ?? 0);
      const answer = (await inner?.request(name, payload, bytes)) ?? reject('disconnected', 'There is no line.');
      if ('reply' in answer) witness.answered(name, payload, answer.reply);
      return answer;
    },
    fetch: async (path) => (await inner?.fetch(path)) ?? reject('disconnected', 'There is no line.'),
  };
}
