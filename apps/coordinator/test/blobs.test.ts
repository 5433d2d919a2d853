import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobCases } from '../src/blobs/conformance.ts';
import { createFileBlobs, sweep } from '../src/blobs/files.ts';
import { newFolder } from './hall.ts';

describe('blobs as files', () => {
  for (const { promise, run } of blobCases)
    it(promise, () => {
      const folder = newFolder();
      return run(async () => createFileBlobs(folder));
    });

  it('leave no temporary file behind', async () => {
    const folder = newFolder();
    const blobs = createFileBlobs(folder);
    await Promise.all(Array.from({ length: 20 }, (_, i) => blobs.write('a', Uint8Array.of(i))));
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('remove a folder that is still being written to, as when a round is given up while its sum is added', async () => {
    const blobs = createFileBlobs(newFolder());
    let over = false;
    const writing = Array.from({ length: 4 }, async (_, i) => {
      // A write that loses its folder fails, and nobody waits for it any more.
      for (let n = 0; !over; n++) await blobs.write(`uploads/a/${i}-${n % 8}`, new Uint8Array(10)).catch(() => {});
    });
    for (let i = 0; i < 60; i++) await blobs.remove('uploads/a');
    over = true;
    await Promise.all(writing);
    await blobs.remove('uploads/a');
    expect(await blobs.list('uploads')).toEqual([]);
  });

  it('are swept of what a process that died in the middle of a write has left', async () => {
    const folder = newFolder();
    const blobs = createFileBlobs(folder);
    await blobs.write('models/a', Uint8Array.of(1));
    writeFileSync(join(folder, 'models', 'b.0f3a.tmp'), 'half a mod');
    await sweep(folder);
    expect(readdirSync(join(folder, 'models'))).toEqual(['a']);
    await sweep(join(folder, 'not-made-yet'));
  });
});
