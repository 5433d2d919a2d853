/**
 * When devices that lost the coordinator come back (Bonawitz et al. 2019, "Towards federated learning at scale", §2.3): each at a random
 * moment of a window that grows with their number, so that however many there are, about as many a second say hello again.
 */

/** Each is a signature to check and a row to write durably. */
const WELCOMES_PER_SECOND = 50;
/** A few devices need no spreading, and people watch them. */
const LEAST_WINDOW_MS = 1000;
const LONGEST_WINDOW_MS = 600_000;

/** The window for so many devices, milliseconds. */
export function reconnectWindowMs(devices: number): number {
  const spread = Math.ceil((devices * 1000) / WELCOMES_PER_SECOND);
  return Math.min(LONGEST_WINDOW_MS, Math.max(LEAST_WINDOW_MS, spread));
}

/** One device's moment in it, for `random` in [0, 1). The coordinator is gone for a while first: nobody comes back before that. */
export function comeBackAfterMs(devices: number, random: number): number {
  return LEAST_WINDOW_MS + Math.floor(random * reconnectWindowMs(devices));
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * How long after the last of so many rounds abandoned in a row the next one may begin: twice as long each time, and for `random` in
 * [0, 1) anywhere in the upper half of that, so that two coordinators on one machine do not try in step.
 */
export function pauseAfterMs(abandoned: number, random: number): number {
  if (abandoned === 0) return 0;
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (abandoned - 1));
  return Math.ceil((whole * (1 + random)) / 2);
}
