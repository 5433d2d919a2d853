import type { DataSource } from '@sotto/learner/data-source.node';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { createTurns } from '../turns.ts';
import type { Task } from './tasks.ts';

export interface SampleRequest {
  readonly task: Pick<Task, 'folder' | 'source' | 'revision'>;
  readonly shard: NonNullable<Parameters<DataSource['train']>[0]>;
  /** Examples, if not all of the shard. */
  readonly limit?: number | undefined;
}

export interface Sample {
  /** Gzipped. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The bytes are sent, or nobody waits for them any more. */
  release(): void;
}

/** Encoded and gzipped training examples for whoever asks, and anybody may: memory and work are bounded, whatever is asked for at once. */
export interface Samples {
  take(request: SampleRequest): Promise<Sample | Rejection<'too_busy'>>;
}

const BUDGET_BYTES = 256 * 2 ** 20;
const MOST_WAITING = 1000;

/**
 * One shard is encoded at a time, and kept for the next who asks for it until the room is needed; the least recently asked for goes
 * first, and none that is being sent. Memory is the budget and one shard.
 */
export function createSamples(
  encode: (request: SampleRequest) => Promise<Uint8Array<ArrayBuffer>>,
  { budgetBytes = BUDGET_BYTES, mostWaiting = MOST_WAITING } = {},
): Samples {
  const kept = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readers: number }>();
  const inTurn = createTurns();
  let waiting = 0;

  function lend(key: string, bytes: Uint8Array<ArrayBuffer>): Sample {
    const entry = kept.get(key) ?? { bytes, readers: 0 };
    entry.readers += 1;
    kept.delete(key);
    kept.set(key, entry);
    let lent = true;
    return {
      bytes: entry.bytes,
      release() {
        if (lent) entry.readers -= 1;
        lent = false;
      },
    };
  }

  function hasRoom(): boolean {
    let used = [...kept.values()].reduce((total, { bytes }) => total + bytes.length, 0);
    for (const [key, { bytes, readers }] of kept) {
      if (used < budgetBytes) break;
      if (readers > 0) continue;
      kept.delete(key);
      used -= bytes.length;
    }
    return used < budgetBytes;
  }

  return {
    async take(request) {
      const { task, shard, limit } = request;
      const key = [task.source.id, task.revision, shard.index, shard.count, shard.by, limit].join(' ');
      const busy = () => reject('too_busy', 'Many devices are fetching sample data at once. Try again soon.');
      if (waiting >= mostWaiting) return busy();
      waiting += 1;
      try {
        return await inTurn(async () => {
          const known = kept.get(key);
          if (known) return lend(key, known.bytes);
          return hasRoom() ? lend(key, await encode(request)) : busy();
        });
      } finally {
        waiting -= 1;
      }
    },
  };
}
