import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** How devices keep their word, over restarts: what committee seats and cohorts are given out by. */
export interface Attendance {
  /** Milliseconds that the device was connected in earlier stretches; 0 when it is not known. */
  attendance(task: string, device: string): Promise<number>;
  /** These devices were connected for so many milliseconds more; all of it is written, or none. */
  attended(task: string, stretches: ReadonlyMap<string, number>): Promise<void>;
  /** A round that took updates is over: who of those it asked was heard, and who was not. */
  heard(task: string, answered: readonly string[], silent: readonly string[]): Promise<void>;
  /** Devices that were asked and not heard so many rounds in a row, or more. */
  silentDevices(task: string, rounds: number): Promise<Set<string>>;
}

/** Below the number of parameters that SQLite takes in one statement. */
const AT_ONCE = 500;

export function createAttendance(db: Kysely<Tables>): Attendance {
  const chunks = (devices: readonly string[]) =>
    Array.from({ length: Math.ceil(devices.length / AT_ONCE) }, (_, i) =>
      devices.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
    );
  return {
    async attendance(task, device) {
      const row = await db
        .selectFrom('devices')
        .select('attended')
        .where('device', '=', device)
        .where('task', '=', task)
        .executeTakeFirst();
      return Number(row?.attended ?? 0);
    },
    async attended(task, stretches) {
      // Most were here all the time since this was last noted, and share a statement.
      const byTime = Map.groupBy(stretches.keys(), (device) => stretches.get(device)!);
      await db.transaction().execute(async (inside) => {
        for (const [ms, devices] of byTime)
          for (const chunk of chunks(devices))
            await inside
              .updateTable('devices')
              .set((row) => ({ attended: row('attended', '+', ms) }))
              .where('task', '=', task)
              .where('device', 'in', chunk)
              .execute();
      });
    },
    async heard(task, answered, silent) {
      await db.transaction().execute(async (inside) => {
        for (const chunk of chunks(answered))
          await inside
            .updateTable('devices')
            .set({ silent: 0 })
            .where('task', '=', task)
            .where('device', 'in', chunk)
            .execute();
        for (const chunk of chunks(silent))
          await inside
            .updateTable('devices')
            .set((row) => ({ silent: row('silent', '+', 1), failed: row('failed', '+', 1) }))
            .where('task', '=', task)
            .where('device', 'in', chunk)
            .execute();
      });
    },
    async silentDevices(task, rounds) {
      const rows = await db
        .selectFrom('devices')
        .select('device')
        .where('task', '=', task)
        .where('silent', '>=', rounds)
        .execute();
      return new Set(rows.map(({ device }) => device));
    },
  };
}
