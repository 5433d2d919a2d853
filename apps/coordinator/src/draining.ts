import { reject } from '@sotto/protocol/rejection';
import type { Desk } from './desk/desk.ts';

/** From the word to stop until the end: what is under way is finished and answered, nothing new is begun. */
export interface Draining {
  isOn(): boolean;
  begin(): void;
  /** Work that somebody waits for has begun. @returns what is to be called once when it is answered */
  enter(): () => void;
  /** Resolves when nothing is under way, or after so long. @returns how much still was */
  settled(patienceMs: number): Promise<number>;
}

export function createDraining(): Draining {
  let on = false;
  const underWay = new Set<object>();
  const waiting = new Set<() => void>();
  return {
    isOn: () => on,
    begin() {
      on = true;
    },
    enter() {
      const work = {};
      underWay.add(work);
      return () => {
        underWay.delete(work);
        if (underWay.size === 0) for (const quiet of waiting) quiet();
      };
    },
    async settled(patienceMs) {
      if (underWay.size > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, patienceMs);
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
        clearTimeout(timer);
      }
      return underWay.size;
    },
  };
}

export const STOPPING = {
  ...reject('unavailable', 'The coordinator is stopping. It will go on where it was once it is back; try again then.'),
  retryAfterMs: 2000,
};

/** The desk: what was asked before is answered, and what it answers is as true as ever; what is asked now has to come again. */
export function drainingDesk(desk: Desk, draining: Draining): Desk {
  return {
    ...desk,
    open(...values) {
      const session = desk.open(...values);
      return {
        ...session,
        async receive(...message) {
          if (draining.isOn()) return STOPPING;
          const leave = draining.enter();
          try {
            return await session.receive(...message);
          } finally {
            leave();
          }
        },
      };
    },
  };
}
