/**
 * How many uploads are under way at once. Were all of a large cohort to send together, parts of each would lie in memory, few would be
 * whole before their time ran out, and what is refused for lack of memory has been sent for nothing. So whoever asks while all slots are
 * taken is told when to ask again: one after the other, twice as often as slots have become free of late, so that none stays empty.
 */
export interface UploadSlots {
  /** 0: go ahead. Otherwise milliseconds after which to ask again. */
  take(upload: string): number;
  /** The upload is over. */
  release(upload: string): void;
}

const MOST = 64;
/** A slow device goes on after this, but no longer keeps others waiting. */
const LEASE_MS = 5000;
const LEAST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;
/** Before anything is measured. */
const FIRST_INTERVAL_MS = 50;

export function createUploadSlots(now: () => number, most = MOST): UploadSlots {
  /** By upload, when its lease ends; ascending, as all are as long. */
  const leases = new Map<string, number>();
  /** Mean time from one release to the next. */
  let interval = FIRST_INTERVAL_MS;
  let released = 0;
  /** When the last of those who were sent away asks again. */
  let lastTurn = 0;

  return {
    take(upload) {
      const at = now();
      for (const [other, end] of leases) {
        if (end > at) break;
        leases.delete(other);
      }
      leases.delete(upload);
      if (leases.size < most) {
        leases.set(upload, at + LEASE_MS);
        return 0;
      }
      lastTurn = Math.max(at, lastTurn) + interval / 2;
      return Math.ceil(Math.min(LONGEST_WAIT_MS, Math.max(LEAST_WAIT_MS, lastTurn - at)));
    },
    release(upload) {
      if (!leases.delete(upload)) return;
      const at = now();
      interval += (Math.min(LEASE_MS, at - released) - interval) / 16;
      released = at;
    },
  };
}
