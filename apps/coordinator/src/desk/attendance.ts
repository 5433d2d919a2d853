import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Presence, Sessions } from './sessions.ts';

export interface AttendancePorts {
  readonly store: Pick<Store, 'attended'>;
  readonly sessions: Pick<Sessions, 'present'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Writes down how long devices were here, so that a restart makes no newcomers of them. What was not written when the process dies is
 * lost: the time since the last round ended.
 */
export function createAttendance({ store, sessions, clock }: AttendancePorts) {
  /** By task: until when the time of all that are connected is written down. */
  const written = new Map<string, number>();
  const from = (task: string, since: number) => Math.max(since, written.get(task) ?? since);

  return {
    /** Of all that are connected to the task. */
    async note(task: string): Promise<void> {
      const now = clock.now();
      const stretches = sessions.present(task).map(({ device, since }) => [device, now - from(task, since)] as const);
      written.set(task, now);
      const more = new Map(stretches.filter(([, ms]) => ms > 0));
      if (more.size > 0) await store.attended(task, more);
    },
    /** Of one that has gone. */
    async left({ task, device, since }: Presence): Promise<void> {
      const ms = clock.now() - from(task, since);
      if (ms > 0) await store.attended(task, new Map([[device, ms]]));
    },
  };
}
