import type { Dataset } from '@sotto/learner/dataset';
import { describe, expect, it } from 'vitest';
import { createExampleMemory, type ExampleStore } from './example-memory.ts';
import type { KeptExamples } from './example-store.ts';

const examples = (count: number): Dataset => ({
  inputs: new Uint8Array(count),
  shape: [1],
  scale: 1,
  labels: new Int32Array(count),
});

/** A store whose writings end when they are told to. */
function slowStore() {
  let stored: Dataset | null = null;
  let at = 0;
  const waiting: (() => void)[] = [];
  const written: Dataset[] = [];
  const about = (data: Dataset): KeptExamples => ({ at, count: data.labels.length, bytes: 0, form: '' });
  const store: ExampleStore = {
    async keep(data, over) {
      if (stored && over !== at) return { written: false, about: about(stored) };
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
      written.push(data);
      stored = data;
      at++;
      return { written: true, about: about(data) };
    },
    find: async () => stored && about(stored),
    recall: async (of) => (of === at ? stored : null),
    async forget(of) {
      if (of === at) stored = null;
    },
    persist: async () => true,
  };
  return { store, written, stored: () => stored, letWrite: () => waiting.shift()?.() };
}

describe('the memory of examples', () => {
  it('keeps nothing until it is told to', async () => {
    const { store, written } = slowStore();
    const memory = createExampleMemory(store);
    await memory.look();
    await memory.changeTo(examples(3));
    expect(written).toEqual([]);
    expect(memory.state()).toMatchObject({ kept: null, following: false });
  });

  it('keeps the latest of examples that change faster than they are written', async () => {
    const { store, written, letWrite } = slowStore();
    const memory = createExampleMemory(store);
    const [first, second, third] = [examples(1), examples(2), examples(3)];
    const followed = memory.follow(first);
    const changes = [memory.changeTo(second), memory.changeTo(third)];
    letWrite();
    await Promise.resolve();
    await expect.poll(() => written.length).toBe(1);
    letWrite();
    await expect.poll(() => written.length).toBe(2);
    await Promise.all([followed, ...changes]);
    expect(written).toEqual([first, third]);
    expect(memory.state()).toMatchObject({ kept: { count: 3 }, following: true, busy: false, lasting: true });
  });

  it('does not lose what it keeps when the choice is emptied, and follows no other choice by itself', async () => {
    const { store, stored, letWrite } = slowStore();
    const memory = createExampleMemory(store);
    const data = examples(4);
    const followed = memory.follow(data);
    letWrite();
    await followed;
    await memory.changeTo(null);
    await memory.changeTo(examples(1));
    expect(stored()).toBe(data);
    expect(memory.state()).toMatchObject({ kept: { count: 4 }, following: false });
  });

  it('gives back the very examples, and goes on following them', async () => {
    const { store, letWrite, stored } = slowStore();
    const before = createExampleMemory(store);
    const data = examples(5);
    const followed = before.follow(data);
    letWrite();
    await followed;
    const after = createExampleMemory(store);
    await after.look();
    expect(after.state().kept?.count).toBe(5);
    expect(await after.recall(1)).toBe(data);
    const more = examples(6);
    const changed = after.changeTo(more);
    letWrite();
    await changed;
    expect(stored()).toBe(more);
  });

  it('forgets after a writing that was under way, not before it', async () => {
    const { store, letWrite, stored } = slowStore();
    const memory = createExampleMemory(store);
    const followed = memory.follow(examples(2));
    const forgotten = memory.forget();
    letWrite();
    await Promise.all([followed, forgotten]);
    expect(stored()).toBeNull();
    expect(memory.state()).toMatchObject({ kept: null, following: false });
  });

  it('does not replace what another tab keeps until it is told to', async () => {
    const { store, letWrite, stored } = slowStore();
    const [theirs, ours] = [createExampleMemory(store), createExampleMemory(store)];
    await ours.look();
    const [data, more] = [examples(2), examples(3)];
    const followed = theirs.follow(data);
    letWrite();
    await followed;
    await ours.follow(more);
    expect(stored()).toBe(data);
    expect(ours.state()).toMatchObject({ kept: { count: 2 }, following: false, replacing: true, busy: false });
    ours.spare();
    expect(ours.state()).toMatchObject({ following: false, replacing: false });

    await ours.follow(more);
    const replaced = ours.replace();
    letWrite();
    await replaced;
    expect(stored()).toBe(more);
    expect(ours.state()).toMatchObject({ kept: { count: 3 }, following: true, replacing: false });
    // Nor do the others win them back by going on, or delete what is no longer theirs.
    await theirs.changeTo(examples(4));
    expect(stored()).toBe(more);
    expect(theirs.state()).toMatchObject({ following: false, replacing: true });
    const before = createExampleMemory(store);
    await before.look();
    const again = ours.changeTo(examples(5));
    letWrite();
    await again;
    await before.forget();
    expect(stored()).toHaveProperty('labels.length', 5);
    expect(before.state()).toMatchObject({ kept: { count: 5 } });
  });

  it('gives back those of the moment that is asked for, and no others', async () => {
    const { store, letWrite } = slowStore();
    const memory = createExampleMemory(store);
    const followed = memory.follow(examples(2));
    letWrite();
    await followed;
    const after = createExampleMemory(store);
    expect(await after.recall(7)).toBeNull();
    expect(after.state()).toMatchObject({ kept: { at: 1, count: 2 }, following: false });
  });

  it.each([
    ['full', new DOMException('no room', 'QuotaExceededError')],
    ['failed', new Error('storage is blocked')],
  ])('says when the browser cannot keep them: %s', async (problem, error) => {
    const memory = createExampleMemory({ ...slowStore().store, keep: () => Promise.reject(error) });
    await memory.look();
    await memory.follow(examples(1));
    expect(memory.state()).toMatchObject({ kept: null, following: false, busy: false, problem });
  });
});
