import { RoundFacts } from '@sotto/protocol/admin/live';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** What was counted in rounds that are over, for those who run the study; nothing hangs on it. */
export interface KeptRoundFacts {
  /** The first that are kept of a round stay. */
  keepFacts(run: string, round: number, facts: RoundFacts): Promise<void>;
  /** Undefined of a round that the coordinator went down in, or that is older than this. */
  facts(run: string, round: number): Promise<RoundFacts | undefined>;
  /** Of all rounds of a run, by round. */
  factsOf(run: string): Promise<Map<number, RoundFacts>>;
}

export function createRoundFacts(db: Kysely<Tables>): KeptRoundFacts {
  const read = (text: string) => RoundFacts.parse(JSON.parse(text));
  return {
    async keepFacts(run, round, facts) {
      await db
        .insertInto('round_facts')
        .values({ run, round, facts: JSON.stringify(facts) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async facts(run, round) {
      const row = await db
        .selectFrom('round_facts')
        .select('facts')
        .where('run', '=', run)
        .where('round', '=', round)
        .executeTakeFirst();
      return row && read(row.facts);
    },
    async factsOf(run) {
      const rows = await db.selectFrom('round_facts').select(['round', 'facts']).where('run', '=', run).execute();
      return new Map(rows.map(({ round, facts }) => [round, read(facts)]));
    },
  };
}
