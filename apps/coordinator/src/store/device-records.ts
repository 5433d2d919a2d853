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
}

export interface DeviceRecords {
  sawDevice(device: Pick<DeviceRecord, 'device' | 'task' | 'key' | 'contributes' | 'lastSeen'>): Promise<void>;
  devices(): Promise<DeviceRecord[]>;
}

export function createDeviceRecords(db: Kysely<Tables>): DeviceRecords {
  return {
    async sawDevice({ device, task, key, contributes, lastSeen }) {
      const now = { contributes: Number(contributes), seen: lastSeen };
      await db
        .insertInto('devices')
        .values({ device, task, key, asked: 0, contributed: 0, ...now })
        .onConflict((conflict) => conflict.columns(['device', 'task']).doUpdateSet(now))
        .execute();
    },
    async devices() {
      const rows = await db.selectFrom('devices').selectAll().orderBy('task').orderBy('device').execute();
      return rows.map(({ contributes, seen, ...row }) => ({
        ...row,
        contributes: contributes !== 0,
        lastSeen: Number(seen),
      }));
    },
  };
}
