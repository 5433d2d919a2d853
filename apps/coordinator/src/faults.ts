import { aroundCalls } from './around-calls.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { waitBefore } from './patience.ts';
import { isUnavailable } from './unavailable.ts';

/** What can be at fault. */
export type Part = 'database' | 'data folder';

/** Faults of the machine that last: each is logged when it begins and when it ends, however many fail because of it. */
export interface Faults {
  /**
   * The port, with every call that is Unavailable noted under the name of a part of the machine. `probe` writes there for nothing: the
   * fault is over when it succeeds.
   */
  watch<Port extends object>(part: Part, port: Port, probe: () => Promise<unknown>): Port;
  /** The parts that are at fault now. */
  failing(): readonly Part[];
  close(): void;
}

export function createFaults(clock: Clock, log: Log): Faults {
  const failing = new Set<Part>();
  const cancels = new Map<Part, () => void>();
  let closed = false;

  function began(part: Part, error: Error, probe: () => Promise<unknown>): void {
    if (closed || failing.has(part)) return;
    failing.add(part);
    log.error(
      { part, problem: error.message },
      `the ${part} cannot be used; what waits for it goes on by itself when it can`,
    );
    askAgain(part, probe, 1);
  }

  function askAgain(part: Part, probe: () => Promise<unknown>, attempt: number): void {
    const ask = async () => {
      try {
        await probe();
      } catch {
        if (!closed) askAgain(part, probe, attempt + 1);
        return;
      }
      failing.delete(part);
      cancels.delete(part);
      if (!closed) log.info({ part }, `the ${part} can be used again`);
    };
    cancels.set(
      part,
      clock.at(clock.now() + waitBefore(attempt), () => void ask()),
    );
  }

  return {
    watch: (part, port, probe) =>
      aroundCalls(port, (_name, call) => async (...values) => {
        try {
          return await call(...values);
        } catch (error) {
          if (isUnavailable(error)) began(part, error, probe);
          throw error;
        }
      }),
    failing: () => [...failing],
    close() {
      closed = true;
      for (const cancel of cancels.values()) cancel();
    },
  };
}
