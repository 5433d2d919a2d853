import type { Blobs } from './blobs/blobs.ts';
import { probeBlobs } from './blobs/files.ts';
import { messageOf } from './error-message.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

/** Everybody may ask, and each look writes to the disk: answers are this old at most. */
const GOOD_FOR_MS = 2_000;
const PATIENCE_MS = 5_000;

export interface ReadinessPorts {
  readonly store: Pick<Store, 'recall'>;
  readonly blobs: Pick<Blobs, 'write' | 'remove'>;
  readonly log: Log;
  readonly isDraining: () => boolean;
  /** Of faults that lasted a moment ago, such as a database that can be read and not written. */
  readonly failing: Faults['failing'];
}

/** Whether work can be done here now. @returns what is in the way, in words that tell a stranger nothing; empty: nothing is. */
export function createReadiness({
  store,
  blobs,
  log,
  isDraining,
  failing,
}: ReadinessPorts): () => Promise<readonly string[]> {
  let last: { readonly at: number; readonly found: Promise<readonly string[]> } | undefined;
  let before = '';

  async function look(): Promise<readonly string[]> {
    const [database, files] = await Promise.all([problemOf(store.recall('coordinator')), problemOf(probeBlobs(blobs))]);
    const problems = [
      ...(database === null ? [] : ['the database does not answer']),
      ...(database === null && failing().includes('database') ? ['the database cannot be written'] : []),
      ...(files === null && !failing().includes('data folder') ? [] : ['files cannot be written']),
    ];
    const now = problems.join(', ');
    if (now !== before) {
      if (now) log.error({ database, files }, 'not ready');
      else log.info('ready again');
    }
    before = now;
    return problems;
  }

  return async () => {
    if (isDraining()) return ['the coordinator is stopping'];
    const now = performance.now();
    if (last === undefined || now - last.at > GOOD_FOR_MS) last = { at: now, found: look() };
    return last.found;
  };
}

/** Why it failed, or that it takes too long; null when it did what it should. */
async function problemOf(doing: Promise<unknown>): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, PATIENCE_MS, `no answer within ${PATIENCE_MS / 1000} s`);
  try {
    return await Promise.race([doing.then(() => null), late]);
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
  }
}
