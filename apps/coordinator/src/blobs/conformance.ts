import { type Case, ensure, ensureEqual } from '../conformance.ts';
import type { Blobs } from './blobs.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

/** What every store of blobs promises. */
export const blobCases: readonly Case<Blobs>[] = [
  {
    promise: 'gives back what was written, also after it is opened again, and undefined for what never was',
    async run(open) {
      await (await open()).write('models/a1', bytes(1, 2, 3));
      const again = await open();
      ensureEqual(await again.read('models/a1'), bytes(1, 2, 3), 'read');
      ensureEqual(await again.size('models/a1'), 3, 'size');
      ensureEqual(await again.read('models/b2'), undefined, 'read of nothing');
      ensureEqual(await again.size('models/b2'), undefined, 'size of nothing');
      ensureEqual(await again.size('models'), undefined, 'size of a prefix');
    },
  },
  {
    promise: 'replaces a blob as a whole',
    async run(open) {
      const blobs = await open();
      await blobs.write('a', bytes(1, 2, 3));
      await Promise.all([blobs.write('a', bytes(4)), blobs.write('a', bytes(4)), blobs.write('a', bytes(4))]);
      ensureEqual(await blobs.read('a'), bytes(4), 'read');
    },
  },
  {
    promise: 'reads exactly the range asked for, or nothing',
    async run(open) {
      const blobs = await open();
      await blobs.write('a', bytes(0, 1, 2, 3, 4));
      ensureEqual(await blobs.readRange('a', 1, 3), bytes(1, 2, 3), 'inner range');
      ensureEqual(await blobs.readRange('a', 0, 5), bytes(0, 1, 2, 3, 4), 'whole');
      ensureEqual(await blobs.readRange('a', 5, 0), bytes(), 'empty range at the end');
      ensureEqual(await blobs.readRange('a', 3, 3), undefined, 'range beyond the end');
      ensureEqual(await blobs.readRange('b', 0, 1), undefined, 'range of nothing');
    },
  },
  {
    promise: 'appends at the end, says how long the blob is, and goes on where another process stopped',
    async run(open) {
      const blobs = await open();
      ensureEqual(await blobs.append('uploads/p/d', bytes(1, 2)), 2, 'first part');
      ensureEqual(await blobs.append('uploads/p/d', bytes(3)), 3, 'second part');
      const again = await open();
      ensureEqual(await again.append('uploads/p/d', bytes(4)), 4, 'third part');
      ensureEqual(await again.read('uploads/p/d'), bytes(1, 2, 3, 4), 'read');
    },
  },
  {
    promise: 'lists what lies under a name, however deep, and nothing else',
    async run(open) {
      const blobs = await open();
      for (const name of ['uploads/a/sum', 'uploads/a/d/1', 'uploads/a/d/2', 'uploads/ab/1', 'models/a'])
        await blobs.write(name, bytes(1));
      ensureEqual((await blobs.list('uploads/a')).sort(), ['uploads/a/d/1', 'uploads/a/d/2', 'uploads/a/sum'], 'all');
      ensureEqual((await blobs.list('uploads/a/d')).sort(), ['uploads/a/d/1', 'uploads/a/d/2'], 'the inner ones');
      ensureEqual(await blobs.list('uploads/a/sum'), [], 'under a blob');
      ensureEqual(await blobs.list('uploads/none'), [], 'under nothing');
    },
  },
  {
    promise: 'removes a blob, or everything under a name, and nothing else',
    async run(open) {
      const blobs = await open();
      for (const name of ['uploads/a/1', 'uploads/a/2', 'uploads/ab', 'uploads/b/1']) await blobs.write(name, bytes(1));
      await blobs.remove('uploads/a');
      await blobs.remove('uploads/nothing');
      ensureEqual(await blobs.read('uploads/a/1'), undefined, 'removed');
      ensureEqual(await blobs.read('uploads/a/2'), undefined, 'removed');
      ensureEqual(await blobs.read('uploads/ab'), bytes(1), 'the longer name');
      await blobs.remove('uploads/b/1');
      ensureEqual(await blobs.size('uploads/b/1'), undefined, 'one blob');
    },
  },
  {
    promise: 'refuses names that could lead elsewhere',
    async run(open) {
      const blobs = await open();
      for (const name of ['', '..', 'a/../b', '/etc', 'a//b', 'a/', 'A', 'a.b', 'a\\b', 'a\0']) {
        const thrown = await blobs.read(name).then(
          () => false,
          () => true,
        );
        ensure(thrown, `the name ${JSON.stringify(name)} was taken`);
      }
    },
  },
];
