import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Border } from '../border/border.ts';
import type { Caller } from './route.ts';

/** Written down in a minute, of one address and of all: whoever tries all day must neither fill the disk nor hide what others try. */
const OF_ONE = 10;
const OF_ALL = 1000;

/** Writes an attempt that was refused into the audit log, with the address it came from. */
export type NoteRefused = (
  request: FastifyRequest,
  caller: Caller | null,
  action: string,
  why: object,
) => Promise<void>;

export function createRefusedAttempts(
  audit: (caller: Caller | null, action: string, detail: unknown) => Promise<void>,
  { senders }: Pick<Border, 'senders'>,
): NoteRefused {
  const ofOne = new RateLimiterMemory({ points: OF_ONE, duration: 60 });
  const ofAll = new RateLimiterMemory({ points: OF_ALL, duration: 60 });
  const fits = (limiter: RateLimiterMemory, key: string) =>
    limiter.consume(key).then(
      () => true,
      () => false,
    );
  return async (request, caller, action, why) => {
    const { address } = senders.of(request.raw);
    if ((await fits(ofOne, address)) && (await fits(ofAll, 'all'))) await audit(caller, action, { ...why, address });
  };
}
