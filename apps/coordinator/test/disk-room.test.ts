import { expect, it } from 'vitest';
import { createDiskRoom, diskOf } from '../src/blobs/disk-room.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
import { Unavailable } from '../src/unavailable.ts';
import { newFolder } from './hall.ts';

const NOTHING = new Set<string>();
const ROOMY = async () => ({ free: 1e12, size: 1e12 });

it('promises no more than the quota, counting what lies there and what is promised, and nothing twice', async () => {
  const blobs = createFileBlobs(newFolder());
  await blobs.write('models/a', new Uint8Array(500));
  await blobs.append('uploads/p/d/x', new Uint8Array(300));
  let now = 0;
  const room = createDiskRoom({ blobs, disk: ROOMY, quota: 1000, now: () => now });
  const promised = (bytes: number, open = NOTHING) => ({ bytes, missing: bytes, blobs: open });
  expect(await room(promised(200))).toBeUndefined();
  expect(await room(promised(201))).toMatchObject({ rejected: 'disk_full' });
  // Counted with what it will have, not with what has come of it as well.
  now = 10_000;
  expect(await room(promised(500, new Set(['uploads/p/d/x'])))).toBeUndefined();
  await blobs.remove('uploads');
  now = 20_000;
  expect(await room(promised(501))).toMatchObject({ rejected: 'disk_full' });
  expect(await room(promised(500))).toBeUndefined();
});

it('leaves a tenth of the disk free, or ten gigabytes of a large one', async () => {
  const blobs = createFileBlobs(newFolder());
  const on = (free: number, size: number) =>
    createDiskRoom({ blobs, disk: async () => ({ free, size }), quota: null, now: () => 0 });
  const missing = (bytes: number) => ({ bytes, missing: bytes, blobs: NOTHING });
  expect(await on(20e9, 100e9)(missing(10e9))).toBeUndefined();
  expect(await on(20e9, 100e9)(missing(11e9))).toMatchObject({
    rejected: 'disk_full',
    retryAfterMs: expect.any(Number),
  });
  expect(await on(20e9, 1e12)(missing(10e9))).toBeUndefined();
  expect(await on(20e9, 1e12)(missing(11e9))).toMatchObject({ rejected: 'disk_full' });
});

it('reads how a real disk stands', async () => {
  const { free, size } = await diskOf(newFolder());
  expect(free).toBeGreaterThan(0);
  expect(size).toBeGreaterThanOrEqual(free);
});

it('says that a disk it cannot look at is of no use for now', async () => {
  await expect(diskOf('/nowhere/at/all')).rejects.toThrow(Unavailable);
});
