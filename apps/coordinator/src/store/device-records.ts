import { About } from '@sotto/protocol/about';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface DeviceRecord {
  readonly device: string;
  readonly task: string;
  readonly key: string;
  readonly contributes: boolean;
  readonly lastSeen: number;
  readonly asked: number;
  readonly contributed: number;
  /** Rounds that it was asked in and not heard. */
  readonly failed: number;
  readonly about: About | null;
}

/** Keys cost nothing: of devices that were never asked for anything, those beyond these many that were seen last are forgotten. */
const MOST_STRANGERS = 10_000;
/** Not at each one seen. */
const FORGET_EVERY = 256;

export interface DeviceRecords {
  /** What it said of itself before stands where it says nothing (null). */
  sawDevice(
    device: Pick<DeviceRecord, 'device' | 'task' | 'key' | 'contributes' | 'lastSeen' | 'about'>,
  ): Promise<void>;
  /** Of one task, or of all. */
  devices(task?: string): Promise<DeviceRecord[]>;
}

export function createDeviceRecords(
  db: Kysely<Tables>,
  { mostStrangers = MOST_STRANGERS, forgetEvery = FORGET_EVERY } = {},
): DeviceRecords {
  let seen = 0;

  async function forgetStrangers(): Promise<void> {
    const last = await db
      .selectFrom('devices')
      .select('seen')
      .where('asked', '=', 0)
      .orderBy('seen', 'desc')
      .limit(1)
      .offset(mostStrangers)
      .executeTakeFirst();
    if (last) await db.deleteFrom('devices').where('asked', '=', 0).where('seen', '<=', last.seen).execute();
  }

  return {
    async sawDevice({ device, task, key, contributes, lastSeen, about }) {
      const said = about && { about: JSON.stringify(about) };
      const now = { contributes: Number(contributes), seen: lastSeen, ...said };
      await db
        .insertInto('devices')
        .values({ device, task, key, asked: 0, contributed: 0, attended: 0, silent: 0, failed: 0, about: null, ...now })
        .onConflict((conflict) => conflict.columns(['device', 'task']).doUpdateSet(now))
        .execute();
      seen += 1;
      if (seen % forgetEvery === 0) await forgetStrangers();
    },
    async devices(task) {
      let query = db.selectFrom('devices').selectAll();
      if (task !== undefined) query = query.where('task', '=', task);
      const rows = await query.orderBy('task').orderBy('device').execute();
      return rows.map(({ contributes, seen, attended: _, silent: __, about, ...row }) => ({
        ...row,
        contributes: contributes !== 0,
        lastSeen: Number(seen),
        about: about === null ? null : About.parse(JSON.parse(about)),
      }));
    },
  };
}
