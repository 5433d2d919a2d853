import type { RoundEvent } from '@sotto/fl-core/round/round';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The tables as they were then. */
interface Tables {
  rounds: { run: string; round: number; plan: string | null };
  round_events: { run: string; round: number; seq: number; event: string };
  updates: { plan: string; device: string; digest: string; withdrawn: number };
  answers: { plan: string; kind: string; place: number; digest: string };
}

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
        await count(db, run, round, JSON.parse(event) as RoundEvent);
    }
  },
};

/** As events were counted when this was written: what counts them today may change, a migration may not. */
async function count(db: Kysely<Tables>, run: string, round: number, event: RoundEvent): Promise<void> {
  const plan = db
    .selectFrom('rounds')
    .select('plan')
    .where('run', '=', run)
    .where('round', '=', round)
    .$asScalar()
    .$notNull();
  switch (event.type) {
    case 'update': {
      const { device, digest } = event;
      await db.insertInto('updates').values({ plan, device, digest, withdrawn: 0 }).execute();
      return;
    }
    // The row stays: what was taken back may not come again.
    case 'withdrawn':
      await db
        .updateTable('updates')
        .set({ withdrawn: 1 })
        .where('plan', '=', plan)
        .where('device', '=', event.device)
        .execute();
      return;
    case 'answer':
    case 'opening': {
      const { type: kind, digest, evidence } = event;
      await db.insertInto('answers').values({ plan, kind, place: evidence.x, digest }).execute();
      return;
    }
    case 'vote': {
      const { contributors: digest, evidence } = event;
      await db.insertInto('answers').values({ plan, kind: 'vote', place: evidence.x, digest }).execute();
    }
  }
}
