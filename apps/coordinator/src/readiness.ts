import { randomBytes } from 'node:crypto';
import type { Blobs } from './blobs/blobs.ts';
import { messageOf } from './error-message.ts';
import type { Health } from './faults.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

/** Everybody may ask, and each look writes to the disk: answers are this old at most. */
const GOOD_FOR_MS = 2_000;
const PATIENCE_MS = 5_000;
const PROBE = 'health/probe';

export interface ReadinessPorts {
  readonly store: Pick<Store, 'recall'>;
  readonly blobs: Pick<Blobs, 'write' | 'read'>;
  readonly log: Log;
  readonly isDraining: () => boolean;
  /** Of faults that lasted a moment ago, such as a database that can be read and not written. */
  readonly health: () => Health;
}

/** Whether work can be done here now. @returns what is in the way, in words that tell a stranger nothing; empty: nothing is. */
export function createReadiness({
  store,
  blobs,
  log,
  isDraining,
  health,
}: ReadinessPorts): () => Promise<readonly string[]> {
  let last: { readonly at: number; readonly found: Promise<readonly string[]> } | undefined;
  let before = '';

  async function look(): Promise<readonly string[]> {
    const [database, files] = await Promise.all([
      problemOf(store.recall('coordinator')),
      problemOf(writeAndRead(blobs)),
    ]);
    const problems = [
      ...(database === null ? [] : ['the database does not answer']),
      ...(files === null ? [] : ['files cannot be written']),
      ...(database !== null || files !== null || health().ok ? [] : ['the database cannot be written']),
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

async function writeAndRead(blobs: ReadinessPorts['blobs']): Promise<void> {
  const bytes = randomBytes(16);
  await blobs.write(PROBE, bytes);
  const found = await blobs.read(PROBE);
  if (found === undefined || !bytes.equals(found)) throw new Error('what was written is not what is read');
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
