import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const runs: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('round_facts')
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('round_facts_key', ['run', 'round'])
      .execute();
  },
};
