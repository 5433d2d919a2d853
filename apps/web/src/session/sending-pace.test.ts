import { expect, it } from 'vitest';
import { nextPace, type SendingPace } from './sending-pace.ts';

it('tells the time left by the bytes of this connection alone', () => {
  const steps: [sent: number, now: number][] = [
    [0, 1000],
    [100, 2000],
    [200, 3000],
    // The line broke, and the coordinator had less than was sent.
    [0, 90_000],
    [200, 91_000],
  ];
  let pace: SendingPace | null = null;
  const left = steps.map(([sent, now]) => {
    pace = nextPace(pace, { sent, total: 400 }, now);
    return pace.msLeft;
  });
  expect(left).toEqual([null, 3000, 2000, null, 1000]);
});
