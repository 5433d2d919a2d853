import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import type { KyselyPlugin } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createJobs } from '../src/aggregation/jobs.ts';
import type { Blobs } from '../src/blobs/blobs.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
import { FAILPOINTS, failingBlobs, failingStore, STORE_READS, STORE_WRITES } from '../src/failpoints.ts';
import { storeCases } from '../src/store/conformance.ts';
import { openDatabase } from '../src/store/database.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import type { Store } from '../src/store/store.ts';
import { newFolder } from './hall.ts';

const newStore = async (path: string, plugins: KyselyPlugin[] = []) =>
  createSqlStore(await openDatabase({ url: null, path }, plugins));

describe('failpoints', () => {
  it('are at every call of the store, or src/failpoints.ts lists the call among those that write nothing', async () => {
    const store = await newStore(join(newFolder(), 'sotto.sqlite'));
    expect(Object.keys(store).toSorted()).toEqual(['append', ...STORE_WRITES, ...STORE_READS].toSorted());
    await store.close();
  });

  it('are passed before and after each call of the store that writes', async () => {
    const store = await newStore(join(newFolder(), 'sotto.sqlite'));
    for (const call of STORE_WRITES) {
      const passed: string[] = [];
      const silent = Object.fromEntries(Object.keys(store).map((name) => [name, async () => {}])) as unknown as Store;
      const failing = failingStore(silent, (name) => passed.push(name));
      await (failing[call as keyof Store] as () => Promise<unknown>)();
      expect(passed).toEqual([`store:${call}:before`, `store:${call}:after`]);
      expect(FAILPOINTS).toEqual(expect.arrayContaining(passed));
    }
    await store.close();
  });

  it('are missing only where the database is really left as it is, in everything the store promises', async () => {
    const within = new AsyncLocalStorage<string>();
    const wrote = new Set<string>();
    const watch: KyselyPlugin = {
      transformQuery({ node }) {
        const call = within.getStore();
        if (call !== undefined && node.kind !== 'SelectQueryNode') wrote.add(call);
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    for (const { run } of storeCases) {
      const path = join(newFolder(), 'sotto.sqlite');
      await run(async () => {
        const store = await newStore(path, [watch]);
        const watched = Object.entries(store as unknown as Record<string, (...args: unknown[]) => unknown>).map(
          ([name, call]) => [name, (...args: unknown[]) => within.run(name, () => call(...args))],
        );
        return Object.fromEntries(watched) as Store;
      });
    }
    expect([...wrote].filter((call) => STORE_READS.includes(call))).toEqual([]);
    expect(wrote).toContain('append');
  });

  it('are at every step of every call of the blobs that writes', async () => {
    const passed = new Set<string>();
    const note = (name: string) => passed.add(name);
    const blobs = failingBlobs(createFileBlobs(newFolder(), note), note);
    const writing: Partial<Record<keyof Blobs, () => Promise<unknown>>> = {
      write: async () => {
        for (const kind of ['models', 'uploads', 'means', 'states']) await blobs.write(`${kind}/a`, Uint8Array.of(1));
      },
      append: () => blobs.append('uploads/b', Uint8Array.of(1, 2)),
      remove: () => blobs.remove('uploads/b'),
    };
    const reading = ['read', 'readRange', 'size', 'list', 'usage'];
    expect(Object.keys(blobs).filter((call) => !reading.includes(call))).toEqual(Object.keys(writing));
    for (const call of Object.values(writing)) await call();
    expect([...passed].toSorted()).toEqual(FAILPOINTS.filter((name) => name.startsWith('blob:')).toSorted());
  });

  it('are around every call of the engine', () => {
    const calls = Object.keys(createJobs(createFileBlobs(newFolder())));
    for (const call of calls)
      expect(FAILPOINTS).toEqual(expect.arrayContaining([`engine:${call}:before`, `engine:${call}:after`]));
  });
});
