import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tasks that are made and changed while the coordinator runs. */
export const tasks: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('task_files')
      .addColumn('file', 'text', (column) => column.primaryKey())
      .addColumn('made', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('task_revisions')
      .addColumn('task', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('manifest', 'text', (column) => column.notNull())
      .addColumn('card', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('held_out', 'text', (column) => column.notNull())
      .addColumn('sample', 'text')
      .addColumn('weights', 'text')
      .addColumn('parameters', 'integer', (column) => column.notNull())
      .addColumn('held_out_examples', 'integer', (column) => column.notNull())
      .addColumn('sample_examples', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('task_revisions_key', ['task', 'revision'])
      .execute();
    await schema
      .createTable('archived_tasks')
      .addColumn('task', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await schema.alterTable('runs').addColumn('revision', 'integer').execute();
  },
};
