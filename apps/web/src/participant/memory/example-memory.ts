import type { Dataset } from '@sotto/learner/dataset';
import type { Keeping, KeptExamples } from './example-store.ts';

/** Where examples are kept: IndexedDB on the page. */
export interface ExampleStore {
  /** In the place of those of the moment `over`; see `keepExamples`. */
  keep(data: Dataset, over: number | null): Promise<Keeping>;
  find(): Promise<KeptExamples | null>;
  recall(at: number): Promise<Dataset | null>;
  forget(at: number): Promise<void>;
  /** Asks the browser not to clear what is kept when it needs room. */
  persist(): Promise<boolean>;
}

export interface MemoryState {
  /** What is kept of this task; undefined while nobody has looked. */
  readonly kept: KeptExamples | null | undefined;
  /** The examples chosen at present are kept, and so will be what they become. */
  readonly following: boolean;
  /** The chosen ones were not kept, as `kept` would have been lost: somebody must say so first. */
  readonly replacing: boolean;
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
  /** Keeps them in the place of the others that `follow` found. */
  replace(): Promise<void>;
  /** Keeps the others. */
  spare(): void;
  /** What is kept, if it is of the moment `at`, and follows it. */
  recall(at: number): Promise<Dataset | null>;
  forget(): Promise<void>;
}

/**
 * What is remembered of one task's examples, and only because the person said so. Examples may change faster than they are written: the
 * latest are, one writing at a time. What is kept stays when the page's choice is emptied; only `forget` deletes. What another visit or tab
 * keeps is neither replaced unasked nor taken for one's own.
 */
export function createExampleMemory(store: ExampleStore): ExampleMemory {
  let state: MemoryState = {
    kept: undefined,
    following: false,
    replacing: false,
    busy: false,
    problem: null,
    lasting: null,
  };
  let wanted: Dataset | null = null;
  /** What is kept and followed, and since when. */
  let kept: Dataset | null = null;
  let since: number | null = null;
  let writing: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  const update = (change: Partial<MemoryState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const stopFollowing = (): void => {
    kept = null;
    since = null;
    update({ following: false, replacing: false });
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
        const { written, about } = await store.keep(data, since);
        update({ kept: about });
        if (!written) update({ following: false, replacing: state.following });
        else if (state.following) {
          kept = data;
          since = about.at;
        }
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

  async function look(): Promise<void> {
    try {
      update({ kept: await store.find() });
    } catch {
      // Storage is blocked: nothing is kept, and whoever wants to keep something is told then.
      update({ kept: null });
    }
  }

  async function follow(data: Dataset): Promise<void> {
    wanted = data;
    update({ following: true, replacing: false });
    await write();
    if (state.following && state.lasting === null) update({ lasting: await store.persist() });
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
    follow,
    async changeTo(data) {
      if (data === null) {
        if (data !== wanted) stopFollowing();
        wanted = null;
      } else if (state.following || state.replacing) {
        wanted = data;
        if (state.following) await write();
      }
    },
    async replace() {
      if (!state.replacing || !wanted || !state.kept) return;
      since = state.kept.at;
      await follow(wanted);
    },
    spare: () => update({ replacing: false }),
    async recall(at) {
      try {
        const data = await store.recall(at);
        if (data) {
          kept = data;
          since = at;
          wanted = data;
          update({ following: true, replacing: false, problem: null });
        } else await look();
        return data;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    async forget() {
      update({ following: false, replacing: false });
      wanted = null;
      await writing;
      try {
        if (state.kept) await store.forget(since ?? state.kept.at);
        stopFollowing();
        update({ problem: null });
        await look();
      } catch (error) {
        fail(error);
      }
    },
  };
}
