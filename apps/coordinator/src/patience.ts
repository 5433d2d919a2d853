import type { Clock } from './clock.ts';
import { isUnavailable } from './unavailable.ts';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Before try 1, 2, 3 …: twice as long each time, and not all at once when the fault is over. */
export function waitBefore(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/**
 * Does `action`, and again for as long as the machine cannot do it and it is still `wanted`.
 * @returns what it gave; undefined when it was no longer wanted. Any other failure is thrown.
 */
export async function patiently<T>(
  clock: Clock,
  action: () => Promise<T>,
  wanted: () => boolean,
): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
    await new Promise<void>((resolve) => clock.at(clock.now() + waitBefore(attempt), resolve));
    if (!wanted()) return undefined;
  }
}
