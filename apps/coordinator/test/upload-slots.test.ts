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
  for (let i = 0; i < 10_000; i++) expect(take(`w${i}`)).toBeLessThanOrEqual(30_000);
});
