/** How fast an upload goes, from its first measured byte on. */
export interface SendingPace {
  readonly since: number;
  readonly from: number;
  /** Until the last byte; null before anything was measured. */
  readonly msLeft: number | null;
}

/** A connection that broke goes on from where it stopped: what it counted then is no pace. */
export function nextPace(
  pace: SendingPace | null,
  { sent, total }: { readonly sent: number; readonly total: number },
  now: number,
): SendingPace {
  if (pace === null || sent <= pace.from) return { since: now, from: sent, msLeft: null };
  return { ...pace, msLeft: ((now - pace.since) / (sent - pace.from)) * (total - sent) };
}
