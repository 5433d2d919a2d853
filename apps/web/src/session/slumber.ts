/**
 * Notices that the page was asleep: a closed laptop, a frozen tab, a phone in a pocket. Timers and Workers stop then without a word, and
 * the line is dead when they go on.
 */

const TICK_MS = 10_000;
/** A hidden tab's timers come once a minute; what takes longer was a sleep. */
const ASLEEP_MS = 90_000;

export interface SlumberPorts {
  readonly now: () => number;
  /** Calls back until the returned function is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
  readonly listen: (event: 'freeze' | 'resume' | 'online', listener: () => void) => () => void;
}

const pagePorts: SlumberPorts = {
  now: () => Date.now(),
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  },
  listen(event, listener) {
    const target = event === 'online' ? window : document;
    target.addEventListener(event, listener);
    return () => target.removeEventListener(event, listener);
  },
};

/**
 * Calls back with how long the page slept, and with 0 when the network came back.
 * @returns a function that ends the watch
 */
export function watchSlumber(onWake: (sleptMs: number) => void, ports: SlumberPorts = pagePorts): () => void {
  const { now, every, listen } = ports;
  let last = now();
  let frozenAt: number | null = null;
  const awake = (slept: number) => {
    last = now();
    frozenAt = null;
    onWake(slept);
  };
  const ends = [
    every(TICK_MS, () => {
      const slept = now() - last;
      if (slept > ASLEEP_MS) awake(slept);
      else last = now();
    }),
    listen('freeze', () => {
      frozenAt = now();
    }),
    listen('resume', () => awake(now() - (frozenAt ?? last))),
    listen('online', () => awake(0)),
  ];
  return () => {
    for (const end of ends) end();
  };
}
