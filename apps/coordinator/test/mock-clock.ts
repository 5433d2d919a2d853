import type { Clock } from '../src/clock.ts';

export interface MockClock extends Clock {
  /** Moves time on and rings everything due, in order. */
  advance(ms: number): void;
}

export function createMockClock(start = 1_800_000_000_000): MockClock {
  let now = start;
  const timers = new Set<{ readonly time: number; readonly ring: () => void }>();
  return {
    now: () => now,
    at(time, ring) {
      const timer = { time, ring };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time)[0];
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.time);
        next.ring();
      }
      now = end;
    },
  };
}
