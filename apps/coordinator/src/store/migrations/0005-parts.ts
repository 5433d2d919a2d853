import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A round may have several sums, one a group. Rounds from before are opened whole: part 0. */
export const parts: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('parts')
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('part', 'bigint', (column) => column.notNull())
      .addColumn('setup', 'text', (column) => column.notNull())
      .addColumn('plan', 'text')
      .addPrimaryKeyConstraint('parts_key', ['run', 'round', 'part'])
      .addForeignKeyConstraint('parts_round', ['run', 'round'], 'rounds', ['run', 'round'])
      .execute();
    await sql`INSERT INTO parts (run, round, part, setup, plan) SELECT run, round, 0, setup, plan FROM rounds`.execute(
      db,
    );
    await schema
      .createTable('part_events')
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('round', 'bigint', (column) => column.notNull())
      .addColumn('part', 'bigint', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('part_events_key', ['run', 'round', 'part', 'seq'])
      .addForeignKeyConstraint('part_events_part', ['run', 'round', 'part'], 'parts', ['run', 'round', 'part'])
      .execute();
    await sql`INSERT INTO part_events (run, round, part, seq, event)
      SELECT run, round, 0, seq, event FROM round_events`.execute(db);
    await schema.dropTable('round_events').execute();
    await schema.alterTable('rounds').dropColumn('setup').execute();
    await schema.alterTable('rounds').dropColumn('plan').execute();
  },
};
