import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blobCases } from '../src/blobs/conformance.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
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
});
