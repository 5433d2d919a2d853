import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const attendance: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .alterTable('devices')
      .addColumn('attended', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await schema
      .alterTable('devices')
      .addColumn('silent', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};
