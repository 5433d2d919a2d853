import type { RequestName } from '@sotto/protocol/messages';
import type { Device } from '../crash/device.ts';

/** A message that an honest device sent, as it was sent. */
export interface Overheard {
  readonly name: RequestName;
  readonly payload: unknown;
  readonly bytes: Uint8Array | undefined;
}

const MOST = 8;

/** What the devices say, by kind of message, the latest of it: it is of the round under way. */
export interface Overhearing {
  pick(name: RequestName, choose: (count: number) => number): Overheard | undefined;
}

export function overhear(devices: readonly Device[]): Overhearing {
  const heard = new Map<RequestName, Overheard[]>();
  for (const device of devices) {
    const line = device.line() as { request: ReturnType<Device['line']>['request'] };
    const ask = line.request;
    line.request = (name, payload, bytes) => {
      const known = heard.get(name) ?? [];
      heard.set(name, [...known, { name, payload: structuredClone(payload), bytes: bytes?.slice() }].slice(-MOST));
      return ask(name, payload, bytes);
    };
  }
  return {
    pick(name, choose) {
      const known = heard.get(name) ?? [];
      return known[choose(known.length)];
    },
  };
}
