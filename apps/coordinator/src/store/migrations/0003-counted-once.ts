import type { RoundEvent } from '@sotto/fl-core/round/round';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { countOnce } from '../counted-once.ts';
import type { Tables } from '../schema.ts';

/** One update a device and one answer of each kind a member, for every plan: the database itself refuses a second. */
export const countedOnce: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('updates')
      .addColumn('plan', 'text', (column) => column.notNull().references('plans.plan'))
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('withdrawn', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('updates_key', ['plan', 'device'])
      .execute();
    await db.schema
      .createTable('answers')
      .addColumn('plan', 'text', (column) => column.notNull().references('plans.plan'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('answers_key', ['plan', 'kind', 'place'])
      .execute();
    // Rounds from before.
    for (const { run, round } of await db.selectFrom('rounds').select(['run', 'round']).execute()) {
      const events = db.selectFrom('round_events').select('event').where('run', '=', run).where('round', '=', round);
      for (const { event } of await events.orderBy('seq').execute())
        await countOnce(db, run, round, JSON.parse(event) as RoundEvent);
    }
  },
};
