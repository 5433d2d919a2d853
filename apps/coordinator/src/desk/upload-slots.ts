/**
 * How many uploads are under way at once. Were all of a large cohort to send together, parts of each would lie in memory, few would be
 * whole before their time ran out, and what is refused for lack of memory has been sent for nothing. So whoever asks while all slots are
 * taken is told when to ask again, and is in line from then on: twice as early as slots have become free of late, so that none stays
 * empty. Nobody holds a slot for longer than its lease, whatever it sends, and whoever wants it back stands behind all that wait.
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
/** Devices take up to half as long again as they are told, and the network its time. */
const LATENESS = 1.5;
const GRACE_MS = 1000;

interface Place {
  /** When it was first told to ask again: until then those behind may go before it, afterwards they may not. */
  readonly turn: number;
  /** When it is no longer waited for. */
  readonly end: number;
}

export function createUploadSlots(now: () => number, most = MOST): UploadSlots {
  /** By upload, when its lease ends; ascending, as all are as long. */
  const leases = new Map<string, number>();
  /** By upload, those that were sent away, longest waiting first. */
  const line = new Map<string, Place>();
  /** Mean time from one release to the next. */
  let interval = FIRST_INTERVAL_MS;
  let released = 0;

  function forgetLapsed(at: number): void {
    for (const [upload, end] of leases) {
      if (end > at) break;
      leases.delete(upload);
    }
    for (const [upload, { end }] of line) if (end <= at) line.delete(upload);
  }

  /** How many stand before it in the line, and of how many of these it is the turn. */
  function ahead(upload: string, at: number): { readonly all: number; readonly due: number } {
    let [all, due] = [0, 0];
    for (const [other, { turn }] of line) {
      if (other === upload) break;
      all += 1;
      if (turn <= at) due += 1;
    }
    return { all, due };
  }

  return {
    take(upload) {
      const at = now();
      forgetLapsed(at);
      if (leases.has(upload)) return 0;
      const { all, due } = ahead(upload, at);
      if (leases.size + due < most) {
        line.delete(upload);
        leases.set(upload, at + LEASE_MS);
        return 0;
      }
      const wait = Math.ceil(Math.min(LONGEST_WAIT_MS, Math.max(LEAST_WAIT_MS, (all * interval) / 2)));
      // Whoever stands in the line already keeps its place in the map.
      line.set(upload, { turn: line.get(upload)?.turn ?? at + wait, end: at + wait * LATENESS + GRACE_MS });
      return wait;
    },
    release(upload) {
      line.delete(upload);
      if (!leases.delete(upload)) return;
      const at = now();
      interval += (Math.min(LEASE_MS, at - released) - interval) / 16;
      released = at;
    },
  };
}
