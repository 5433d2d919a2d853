import { expect, it } from 'vitest';
import { watchSlumber } from './slumber.ts';

function watched() {
  let time = 1_000_000;
  let tick = () => {};
  const listeners: Record<string, () => void> = {};
  const woke: number[] = [];
  const end = watchSlumber((slept) => woke.push(slept), {
    now: () => time,
    every(_, callback) {
      tick = callback;
      return () => {
        tick = () => {};
      };
    },
    listen(event, listener) {
      listeners[event] = listener;
      return () => delete listeners[event];
    },
  });
  return {
    woke,
    end,
    later(ms: number) {
      time += ms;
    },
    tick: () => tick(),
    event: (name: string) => listeners[name]?.(),
  };
}

it('takes a jump of the clock for a sleep, but not the slow timers of a hidden tab', () => {
  const page = watched();
  for (const ms of [10_000, 10_000, 60_000, 61_000]) {
    page.later(ms);
    page.tick();
  }
  expect(page.woke).toEqual([]);
  page.later(3_600_000);
  page.tick();
  page.later(10_000);
  page.tick();
  expect(page.woke).toEqual([3_600_000]);
});

it('counts a frozen tab’s sleep from its freezing, once', () => {
  const page = watched();
  page.later(5000);
  page.event('freeze');
  page.later(240_000);
  page.event('resume');
  page.tick();
  expect(page.woke).toEqual([240_000]);
});

it('tells at once that the network is back, and nothing after the end', () => {
  const page = watched();
  page.event('online');
  expect(page.woke).toEqual([0]);
  page.end();
  page.event('online');
  page.later(3_600_000);
  page.tick();
  expect(page.woke).toEqual([0]);
});
