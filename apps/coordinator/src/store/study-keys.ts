import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** The public half of a study key, as this coordinator was told of it; null: from then on there was none. */
export interface StudyKeyRecord {
  readonly key: string | null;
  readonly since: number;
}

export interface StudyKeys {
  /** Every study key there was, the one that counts first. */
  studyKeys(): Promise<StudyKeyRecord[]>;
  /** From now on this one counts, or none (null). */
  setStudyKey(key: string | null, at: number): Promise<void>;
}

export function createStudyKeys(db: Kysely<Tables>): StudyKeys {
  return {
    async studyKeys() {
      const rows = await db.selectFrom('study_keys').select(['key', 'since']).orderBy('number', 'desc').execute();
      return rows.map(({ key, since }) => ({ key, since: Number(since) }));
    },
    setStudyKey: (key, at) =>
      db.transaction().execute(async (inside) => {
        const last = await inside
          .selectFrom('study_keys')
          .select(({ fn }) => fn.max('number').as('number'))
          .executeTakeFirst();
        await inside
          .insertInto('study_keys')
          .values({ number: Number(last?.number ?? 0) + 1, key, since: at })
          .execute();
      }),
  };
}
