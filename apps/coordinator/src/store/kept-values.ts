import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** What is said once and never changes. */
export interface KeptValues {
  /** The value kept under `name`; keeps `value` when there is none yet. */
  remember(name: string, value: string): Promise<string>;
  /** The value kept under `name`, if any. */
  recall(name: string): Promise<string | undefined>;
}

export function createKeptValues(db: Kysely<Tables>): KeptValues {
  return {
    async remember(name, value) {
      await db
        .insertInto('meta')
        .values({ name, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirstOrThrow();
      return row.value;
    },
    async recall(name) {
      const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value;
    },
  };
}
