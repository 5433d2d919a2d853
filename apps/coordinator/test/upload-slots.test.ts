import { expect, it } from 'vitest';
import { createUploadSlots } from '../src/desk/upload-slots.ts';

it('lets so many upload at once, and tells the others to ask again one after the other', () => {
  const { take } = createUploadSlots(() => 0, 2);
  expect([take('a'), take('b')]).toEqual([0, 0]);
  const waits = Array.from({ length: 50 }, (_, i) => take(`later-${i}`));
  expect(Math.min(...waits)).toBeGreaterThan(0);
  expect(waits).toEqual(waits.toSorted((x, y) => x - y));
  expect(new Set(waits.slice(10)).size).toBe(40);
  // Whoever holds a slot may ask again.
  expect(take('a')).toBe(0);
});

it('gives the slot of an upload that is over to the next who asks', () => {
  const { take, release } = createUploadSlots(() => 0, 1);
  take('a');
  expect(take('b')).toBeGreaterThan(0);
  release('b');
  expect(take('b')).toBeGreaterThan(0);
  release('a');
  expect(take('b')).toBe(0);
});

it('is not held up by devices that are slow or never finish', () => {
  let now = 0;
  const { take } = createUploadSlots(() => now, 1);
  take('slow');
  now += take('next');
  for (let asked = 0; take('next') > 0; asked++) {
    expect(asked).toBeLessThan(100);
    now += 100;
  }
});

it('tells nobody to wait for longer than half a minute, however many ask and however slow the disk is', () => {
  let now = 0;
  const { take, release } = createUploadSlots(() => now, 1);
  for (let i = 0; i < 100; i++) {
    take(`${i}`);
    now += 4000;
    release(`${i}`);
  }
  take('holder');
  for (let i = 0; i < 2000; i++) expect(take(`w${i}`)).toBeLessThanOrEqual(30_000);
});

it('gives a device that asks when told its turn, although others hold all slots, send nothing and ask all the time', () => {
  let now = 0;
  const { take } = createUploadSlots(() => now);
  const hostile = Array.from({ length: 64 }, (_, i) => `hostile-${i}`);
  for (const id of hostile) expect(take(id)).toBe(0);
  for (let again = take('honest'); again > 0; ) {
    expect(now).toBeLessThan(10_000);
    const told = now + again;
    for (; now < told; now += 10) for (const id of hostile) take(id);
    again = take('honest');
  }
});

it('waits for nobody who was told to ask again and does not', () => {
  let now = 0;
  const { take } = createUploadSlots(() => now, 1);
  take('holder');
  now = 4000;
  for (let i = 0; i < 10; i++) take(`gone-${i}`);
  now = 5000;
  expect(take('next')).toBeGreaterThan(0);
  now = 5400;
  expect(take('next')).toBe(0);
});
