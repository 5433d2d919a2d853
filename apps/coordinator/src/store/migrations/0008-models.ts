import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which version of a model participants are offered, and how versions did on held-out examples. */
export const models: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('pinned_models')
      .addColumn('task', 'text', (column) => column.primaryKey())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('evaluations')
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('held_out', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('result', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('evaluations_key', ['model', 'held_out'])
      .execute();
  },
};
