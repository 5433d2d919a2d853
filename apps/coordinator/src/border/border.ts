import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Limits } from './limits.ts';
import { createRates, type Rates } from './rates.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createSenders, type Senders } from './senders.ts';

/** What stands between strangers and everything else: who sends, how much, and what was refused. */
export interface Border {
  readonly limits: Limits;
  readonly senders: Senders;
  readonly rates: Rates;
  readonly refusals: Refusals;
}

export function createBorder({
  limits,
  trustedProxies,
  unlimited,
  log,
  clock,
  onRejected,
}: {
  readonly limits: Limits;
  readonly trustedProxies: readonly string[];
  readonly unlimited: readonly string[];
  readonly log: Log;
  readonly clock: Clock;
  /** Hears of every refusal: its code and what was refused, both of a fixed few. */
  readonly onRejected?: ((code: string, kind: string) => void) | undefined;
}): Border {
  return {
    limits,
    senders: createSenders(trustedProxies, unlimited, (message) => log.warn(message)),
    rates: createRates(limits),
    refusals: createRefusals({ log, clock, onRejected }),
  };
}
