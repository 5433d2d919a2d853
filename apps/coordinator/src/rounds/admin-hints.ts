import type { AdminNewsName, AdminNewsOf, Changed } from '@sotto/protocol/admin/changes';
import type { LiveNewsDesk } from './live-news.ts';
import type { Runs } from './runs.ts';

/** Changes closer together than this are told at once. */
const GATHER_MS = 100;

export interface AdminHints {
  changed(what: Changed['what'], task?: string): void;
  close(): void;
}

/** Tells admin pages what happens: once for many changes, and never later than GATHER_MS after the first of them. */
export function createAdminHints({
  runs,
  live,
  tell,
}: {
  readonly runs: Pick<Runs, 'onChange'>;
  readonly live: Pick<LiveNewsDesk, 'next'>;
  readonly tell: <Name extends AdminNewsName>(name: Name, news: AdminNewsOf<Name>) => void;
}): AdminHints {
  const moved = new Set<string>();
  const changes = new Map<string, Changed>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function changed(what: Changed['what'], task?: string): void {
    changes.set(`${what} ${task ?? ''}`, { what, ...(task !== undefined && { task }) });
    timer ??= setTimeout(tellAll, GATHER_MS);
  }

  function tellAll(): void {
    timer = undefined;
    for (const task of moved) {
      const news = live.next(task);
      if (news) tell('live', news);
    }
    for (const change of changes.values()) tell('changed', change);
    moved.clear();
    changes.clear();
  }

  const unsubscribe = runs.onChange((task, what) => {
    moved.add(task);
    timer ??= setTimeout(tellAll, GATHER_MS);
    if (what !== 'round') changed(what, task);
    // A round that is published brings a model.
    if (what === 'runs') changed('models', task);
  });
  return {
    changed,
    close() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
