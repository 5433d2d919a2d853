import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A study key that changes at run time, and what people and devices say of devices. */
export const devices: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('study_keys')
      .addColumn('number', 'integer', (column) => column.primaryKey())
      .addColumn('key', 'text')
      .addColumn('since', 'bigint', (column) => column.notNull())
      .execute();
    await schema.alterTable('certificates').addColumn('study', 'text').execute();
    await schema
      .createTable('device_names')
      .addColumn('device', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .execute();
    await schema.alterTable('devices').addColumn('about', 'text').execute();
    await schema
      .alterTable('devices')
      .addColumn('failed', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await schema.createIndex('devices_task').on('devices').columns(['task', 'device']).execute();
  },
};
