import type { Sessions } from '../desk/sessions.ts';
import type { Runs } from './runs.ts';

/** Changes closer together than this are told at once: a hundred arrivals must not become ten thousand messages. */
const GATHER_MS = 100;

/** Tells devices of a task how it stands, and admins that something changed. @returns a function that ends it. */
export function createStatusHints({
  runs,
  sessions,
  hintAdmins,
}: {
  readonly runs: Pick<Runs, 'onChange' | 'status'>;
  readonly sessions: Pick<Sessions, 'tellAll'>;
  readonly hintAdmins: () => void;
}): () => void {
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    timer = undefined;
    for (const task of changed) {
      const status = runs.status(task);
      if (status) sessions.tellAll(task, 'status', status);
    }
    changed.clear();
    hintAdmins();
  };
  const unsubscribe = runs.onChange((task) => {
    changed.add(task);
    timer ??= setTimeout(tell, GATHER_MS);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
