import type { RoundEvent } from '@sotto/fl-core/round/round';
import type { RoundKey } from '@sotto/protocol/ids';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/**
 * What counts once in a plan lies in tables whose keys say so: one update a device, one answer of each kind a member. Whatever the code
 * above does, the database refuses a second one, and with it the event that brought it.
 */
export async function countOnce(
  db: Kysely<Tables>,
  { run, round, group }: Pick<RoundKey, 'run' | 'round' | 'group'>,
  event: RoundEvent,
): Promise<void> {
  const plan = db
    .selectFrom('parts')
    .select('plan')
    .where('run', '=', run)
    .where('round', '=', round)
    .where('part', '=', group)
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
