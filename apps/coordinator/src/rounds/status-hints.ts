import type { Sessions } from '../desk/sessions.ts';
import type { Runs } from './runs.ts';

/** Changes closer together than this are told at once: a hundred arrivals must not become ten thousand messages. */
const GATHER_MS = 100;
/** The more devices, the longer: telling a thousand of each update of a thousand would leave no time to take them. */
const GATHER_MS_A_DEVICE = 2;

/** Tells devices of a task how it stands. @returns a function that ends it. */
export function createStatusHints({
  runs,
  sessions,
}: {
  readonly runs: Pick<Runs, 'onChange' | 'status'>;
  readonly sessions: Pick<Sessions, 'tellAll'>;
}): () => void {
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = 0;
  const tell = () => {
    timer = undefined;
    told = 0;
    for (const task of changed) {
      const status = runs.status(task);
      if (!status) continue;
      sessions.tellAll(task, 'status', status);
      told += status.present;
    }
    changed.clear();
  };
  const unsubscribe = runs.onChange((task) => {
    changed.add(task);
    timer ??= setTimeout(tell, Math.max(GATHER_MS, told * GATHER_MS_A_DEVICE));
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
