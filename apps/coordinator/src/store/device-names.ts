import type { DeviceName } from '@sotto/protocol/admin/devices';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface DeviceNames {
  /** By device. */
  deviceNames(): Promise<Map<string, DeviceName>>;
  nameDevice(device: string, name: DeviceName): Promise<void>;
}

export function createDeviceNames(db: Kysely<Tables>): DeviceNames {
  return {
    async deviceNames() {
      const rows = await db.selectFrom('device_names').selectAll().execute();
      return new Map(rows.map(({ device, ...name }) => [device, name]));
    },
    async nameDevice(device, name) {
      if (name.name === '' && name.owner === '') {
        await db.deleteFrom('device_names').where('device', '=', device).execute();
        return;
      }
      await db
        .insertInto('device_names')
        .values({ device, ...name })
        .onConflict((conflict) => conflict.column('device').doUpdateSet(name))
        .execute();
    },
  };
}
