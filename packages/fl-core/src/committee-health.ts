import { LEAST_COMMITTEE, leastNamed, leastThreshold, MOST_COMMITTEE } from '@sotto/protocol/plan';

/** A device that may sit on a named committee, as far as it matters to whom one has to trust. */
export interface Seat {
  readonly device: string;
  /** Empty: nobody said whose it is. */
  readonly owner: string;
  /** A name for the network it is connected from; null: not connected. */
  readonly network: string | null;
  readonly connected: boolean;
  readonly lastSeen: number;
  /** Of its certificate. */
  readonly expiry: number;
  /** It is shut out: no round seats it. */
  readonly revoked: boolean;
}

/** How plans will have it, with these members: any t of the m that a plan seats can open a sum. */
export interface Sizes {
  /** Members that may be seated. */
  readonly members: number;
  /** The smallest committee that a round begins with; null: too few for any. */
  readonly least: { readonly m: number; readonly t: number } | null;
  /** When all are there. */
  readonly most: { readonly m: number; readonly t: number } | null;
  /** Of them, connected now. */
  readonly here: number;
}

export type Warning =
  /** Too few members for any named committee: `missing` more are needed. */
  | { readonly code: 'too_few'; readonly missing: number }
  /** Whoever owns these devices can open sums alone. */
  | { readonly code: 'one_owner'; readonly owner: string; readonly devices: number; readonly t: number }
  /** These devices are in one network: whoever runs it, or one office, may have all of them. */
  | { readonly code: 'one_network'; readonly devices: number; readonly t: number }
  /** So many have no owner, so that it cannot be said whether somebody has t of them. */
  | { readonly code: 'owner_unknown'; readonly devices: number }
  /** A round begins only when every member is connected. */
  | { readonly code: 'none_to_spare'; readonly members: number }
  /** No round can begin now. */
  | { readonly code: 'too_few_here'; readonly here: number; readonly m: number }
  /** Not seen for more than a day. */
  | { readonly code: 'long_gone'; readonly devices: readonly string[] }
  /** Certificates that run out within two days, or have. */
  | { readonly code: 'lapsing'; readonly devices: readonly string[] }
  | { readonly code: 'lapsed'; readonly devices: readonly string[] }
  | { readonly code: 'revoked'; readonly devices: readonly string[] };

const DAY_MS = 24 * 3_600_000;
const LONG_GONE_MS = DAY_MS;
/** A certificate holds for 7 days at the most. */
export const RENEW_MS = 2 * DAY_MS;

const isSeated =
  (now: number) =>
  ({ expiry, revoked }: Seat): boolean =>
    expiry > now && !revoked;

export function committeeSizes(seats: readonly Seat[], now: number): Sizes {
  const seated = seats.filter(isSeated(now));
  const sized = (m: number) => (m < LEAST_COMMITTEE ? null : { m, t: leastThreshold(m) });
  return {
    members: seated.length,
    least: seated.length < LEAST_COMMITTEE ? null : sized(leastNamed(seated.length)),
    most: sized(Math.min(seated.length, MOST_COMMITTEE)),
    here: seated.filter(({ connected }) => connected).length,
  };
}

/**
 * What speaks against these members, the gravest first. Who has t of a committee can read the sums it opens, and with all others of a
 * cohort on his side one update; so t must not be one owner's, nor one network's. The t meant is that of the smallest committee a round
 * begins with: it is the coordinator that says who is there.
 */
export function committeeWarnings(seats: readonly Seat[], now: number): Warning[] {
  const seated = seats.filter(isSeated(now));
  const { least, members, here } = committeeSizes(seats, now);
  const warnings: Warning[] = [];
  if (least === null) {
    if (seats.length > 0) warnings.push({ code: 'too_few', missing: LEAST_COMMITTEE - members });
  } else {
    const { m, t } = least;
    for (const [owner, own] of Map.groupBy(seated, (seat) => seat.owner.toLowerCase()))
      if (owner !== '' && own.length >= t)
        warnings.push({ code: 'one_owner', owner: own[0]!.owner, devices: own.length, t });
    for (const [network, own] of Map.groupBy(seated, (seat) => seat.network))
      if (network !== null && own.length >= t) warnings.push({ code: 'one_network', devices: own.length, t });
    const unknown = seated.filter(({ owner }) => owner === '').length;
    if (unknown > 0) warnings.push({ code: 'owner_unknown', devices: unknown });
    if (here < m) warnings.push({ code: 'too_few_here', here, m });
    if (m === members) warnings.push({ code: 'none_to_spare', members });
  }
  const list = (code: 'lapsed' | 'lapsing' | 'long_gone' | 'revoked', of: readonly Seat[]) => {
    if (of.length > 0) warnings.push({ code, devices: of.map(({ device }) => device) });
  };
  const admitted = seats.filter(({ revoked }) => !revoked);
  list(
    'lapsed',
    admitted.filter(({ expiry }) => expiry <= now),
  );
  list(
    'lapsing',
    seated.filter(({ expiry }) => expiry <= now + RENEW_MS),
  );
  list(
    'long_gone',
    seated.filter(({ connected, lastSeen }) => !connected && lastSeen < now - LONG_GONE_MS),
  );
  list(
    'revoked',
    seats.filter(({ revoked, expiry }) => revoked && expiry > now),
  );
  return warnings;
}
