import { returnAfterMs } from '@sotto/participant/transport/return';
import { Failure } from './failure.ts';

/**
 * Asks a coordinator until it answers, spread as devices that lost their connection are, and says once that it waits.
 * @returns undefined when told to stop meanwhile
 * @throws Failure that waiting does not mend
 */
export async function askPatiently<T>(
  ask: () => Promise<T>,
  stopped: Promise<void>,
  say: (line: string) => void,
): Promise<T | undefined> {
  for (let failed = 1; ; failed++) {
    try {
      return await Promise.race([ask(), stopped.then(() => undefined)]);
    } catch (error) {
      if (!(error instanceof Failure) || error.retryAfterMs === null) throw error;
      if (failed === 1) say(`${error.message} Trying again until it can be joined.`);
      const ms = Math.max(error.retryAfterMs, returnAfterMs({ failed, windowMs: 0, toldMs: null }, Math.random()));
      const { promise, resolve } = Promise.withResolvers<'waited'>();
      const timer = setTimeout(resolve, ms, 'waited');
      const came = await Promise.race([promise, stopped]);
      clearTimeout(timer);
      if (came !== 'waited') return undefined;
    }
  }
}
