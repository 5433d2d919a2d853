import type { Dataset } from '@sotto/learner/dataset';
import type { KeptExamples } from './example-store.ts';

/** Where examples are kept: IndexedDB on the page. */
export interface ExampleStore {
  keep(data: Dataset): Promise<KeptExamples>;
  find(): Promise<KeptExamples | null>;
  recall(): Promise<Dataset | null>;
  forget(): Promise<void>;
  /** Asks the browser not to clear what is kept when it needs room. */
  persist(): Promise<boolean>;
}

export interface MemoryState {
  /** What is kept of this task; undefined while nobody has looked. */
  readonly kept: KeptExamples | null | undefined;
  /** The examples chosen at present are kept, and so will be what they become. */
  readonly following: boolean;
  readonly busy: boolean;
  /** `full`: the browser has no room for them. `failed`: it cannot keep anything, or not now. */
  readonly problem: 'full' | 'failed' | null;
  /** The browser promised to keep them until they are forgotten here; null: not asked. */
  readonly lasting: boolean | null;
}

export interface ExampleMemory {
  state(): MemoryState;
  subscribe(listener: () => void): () => void;
  look(): Promise<void>;
  /** Keeps these from now on, and what `changeTo` says they became. */
  follow(data: Dataset): Promise<void>;
  changeTo(data: Dataset | null): Promise<void>;
  /** Keeps what is kept, but follows no more. */
  recall(): Promise<Dataset | null>;
  forget(): Promise<void>;
}

/**
 * What is remembered of one task's examples, and only because the person said so. Examples may change faster than they are written: the
 * latest are, one writing at a time. What is kept stays when the page's choice is emptied; only `forget` deletes.
 */
export function createExampleMemory(store: ExampleStore): ExampleMemory {
  let state: MemoryState = { kept: undefined, following: false, busy: false, problem: null, lasting: null };
  let wanted: Dataset | null = null;
  let kept: Dataset | null = null;
  let writing: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  const update = (change: Partial<MemoryState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const fail = (error: unknown): void =>
    update({
      busy: false,
      following: false,
      problem: error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'failed',
    });

  async function writeAll(): Promise<void> {
    update({ busy: true, problem: null });
    try {
      while (state.following && wanted && wanted !== kept) {
        const data = wanted;
        const about = await store.keep(data);
        kept = data;
        update({ kept: about });
      }
      update({ busy: false });
    } catch (error) {
      fail(error);
    }
  }

  function write(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async look() {
      try {
        update({ kept: await store.find() });
      } catch {
        // Storage is blocked: nothing is kept, and whoever wants to keep something is told then.
        update({ kept: null });
      }
    },
    async follow(data) {
      wanted = data;
      update({ following: true });
      await write();
      if (state.following && state.lasting === null) update({ lasting: await store.persist() });
    },
    async changeTo(data) {
      if (data === null) {
        if (data !== wanted) update({ following: false });
        wanted = null;
      } else if (state.following) {
        wanted = data;
        await write();
      }
    },
    async recall() {
      try {
        const data = await store.recall();
        if (data) {
          kept = data;
          wanted = data;
          update({ following: true, problem: null });
        }
        return data;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    async forget() {
      update({ following: false });
      wanted = null;
      await writing;
      try {
        await store.forget();
        kept = null;
        update({ kept: null, problem: null });
      } catch (error) {
        fail(error);
      }
    },
  };
}
