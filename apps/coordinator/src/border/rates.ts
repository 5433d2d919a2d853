import { type Rejection, reject } from '@sotto/protocol/rejection';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Limits } from './limits.ts';
import type { Sender } from './senders.ts';

type Refused = Rejection<'too_many_requests'>;

/** Who asks too often is told when to ask again. Counts are forgotten when their window ends, so memory is bounded by what is allowed. */
export interface Rates {
  connect(sender: Sender): Promise<Refused | undefined>;
  http(sender: Sender): Promise<Refused | undefined>;
  /** `device` is null before it has said who it is. */
  message(sender: Sender, device: string | null): Promise<Refused | undefined>;
}

/** Messages come in bursts (a window of parts, duties after a connect), so they are counted over this. */
const BURST_SECONDS = 10;

export function createRates(limits: Limits): Rates {
  const limiter = (points: number, duration: number) => new RateLimiterMemory({ points, duration });
  const connects = limiter(limits.connectsPerMinute, 60);
  const https = limiter(limits.httpPerMinute, 60);
  const devices = limiter(limits.messagesPerSecond * BURST_SECONDS, BURST_SECONDS);
  const addresses = limiter(limits.messagesPerAddressSecond * BURST_SECONDS, BURST_SECONDS);

  const take = (from: RateLimiterMemory, key: string): Promise<Refused | undefined> =>
    from.consume(key).then(
      () => undefined,
      (spent: RateLimiterRes) => tooMany(spent.msBeforeNext),
    );
  const takeOf = (from: RateLimiterMemory, { address, unlimited }: Sender) =>
    unlimited ? Promise.resolve(undefined) : take(from, address);

  return {
    connect: (sender) => takeOf(connects, sender),
    http: (sender) => takeOf(https, sender),
    async message(sender, device) {
      // What one device is refused does not count against its neighbours.
      return (device === null ? undefined : await take(devices, device)) ?? takeOf(addresses, sender);
    },
  };
}

function tooMany(waitMs: number): Refused {
  return {
    ...reject('too_many_requests', 'Too many requests from here in a short time. Wait a little, then go on.'),
    retryAfterMs: Math.max(1, Math.ceil(waitMs)),
  };
}
