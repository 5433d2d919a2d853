import type { Dataset } from '@sotto/learner/dataset';
import { isRejection } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { fetchSample, samplePartOf } from '../data/sample-data.ts';
import type { PageOptions } from '../page-options.ts';
import { createExampleMemory, type ExampleMemory, type MemoryState } from './example-memory.ts';
import { findExamples, forgetExamples, keepExamples, recallExamples } from './example-store.ts';
import { type Intent, storedIntent, storeIntent } from './intent.ts';

/** Half a minute in all. */
const MOST_TRIES = 6;
const BETWEEN_TRIES_MS = 2000;

interface PageExamples {
  view: TaskView;
  options: PageOptions;
  /** This tab takes part, with `data`. */
  joined: boolean;
  data: Dataset | null;
  onChoose: (data: Dataset | null) => void;
  /** After a reload: the examples with which this tab took part. */
  onReturn: (data: Dataset) => void;
}

export interface KeptExamplesOfPage {
  readonly memory: ExampleMemory;
  readonly state: MemoryState;
  /** Whether this tab goes on after a reload: its examples are being fetched, or were lost with the page. */
  readonly back: 'none' | 'resuming' | 'lost';
  /** The examples in use came from here rather than from choosing. */
  readonly given: boolean;
  readonly use: () => Promise<void>;
  /** The person left: a reload is a new beginning. */
  readonly leave: () => void;
}

/**
 * What this browser remembers of a task's examples. A tab that took part goes on after a reload, with the same examples; where they are
 * gone nothing is guessed, and the person chooses.
 */
export function useKeptExamples({ view, options, joined, data, onChoose, onReturn }: PageExamples): KeptExamplesOfPage {
  const { task } = view;
  const { device } = options;
  const whose = { task: task.id, device };
  const [memory] = useState(() => {
    const place = { task, device };
    return createExampleMemory({
      keep: (examples, over) => keepExamples(place, examples, over),
      find: () => findExamples(place),
      recall: (at) => recallExamples(place, at),
      forget: (at) => forgetExamples(place, at),
      persist: async () => (await navigator.storage?.persist?.()) ?? false,
    });
  });
  const state = useSyncExternalStore(memory.subscribe, memory.state);
  const [intent] = useState(() => storedIntent(whose));
  const [back, setBack] = useState<KeptExamplesOfPage['back']>(
    intent === null ? 'none' : intent.with === 'lost' ? 'lost' : 'resuming',
  );
  const [given, setGiven] = useState<Dataset | null>(null);
  const begun = useRef(false);

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void memory.look();
    if (intent === null || intent.with === 'lost') return;
    void fetchAgain(intent, view, options, memory).then((found) => {
      setBack(found ? 'none' : 'lost');
      setGiven(found);
      if (found) onReturn(found);
    });
  }, []);

  useEffect(() => {
    // Sample data tried out in between must not take the place of one's own that are remembered.
    void memory.changeTo(data && samplePartOf(data) ? null : data);
  }, [memory, data]);

  const present = joined && data ? intentWith(data, state) : null;
  const written = JSON.stringify(present);
  useEffect(() => {
    // Only leaving takes the word back: who could not join, or was cut off, still wants to take part.
    if (present) storeIntent(whose, present);
  }, [written]);

  return {
    memory,
    state,
    back: data === null ? back : 'none',
    given: data !== null && data === given,
    async use() {
      const found = state.kept && (await memory.recall(state.kept.at));
      if (!found) return;
      setGiven(found);
      onChoose(found);
    },
    leave: () => storeIntent(whose, null),
  };
}

function intentWith(data: Dataset, { following, busy, kept }: MemoryState): Intent {
  const part = samplePartOf(data);
  // While they are being written, what is kept may still be what they were before.
  if (following && !busy && kept) return { with: 'remembered', at: kept.at };
  return part ? { with: 'sample', index: part.index, count: part.count } : { with: 'lost' };
}

async function fetchAgain(
  intent: Exclude<Intent, { with: 'lost' }>,
  view: TaskView,
  options: PageOptions,
  memory: ExampleMemory,
): Promise<Dataset | null> {
  if (intent.with === 'remembered') return memory.recall(intent.at);
  for (let tries = 1; ; tries++) {
    try {
      const sample = await fetchSample(view, options, intent);
      return isRejection(sample) ? null : (sample as Dataset);
    } catch {
      // The line may have been cut together with the reload, or the coordinator be busy with whoever else came back.
      if (tries === MOST_TRIES) return null;
      await new Promise((resolve) => setTimeout(resolve, tries * BETWEEN_TRIES_MS));
    }
  }
}
