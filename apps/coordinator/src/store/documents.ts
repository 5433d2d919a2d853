import { SignedPlan } from '@sotto/protocol/plan';
import { Transcript } from '@sotto/protocol/transcript';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** What the coordinator has signed, by hash; written together with the event that it belongs to. */
export interface Documents {
  plan(hash: string): Promise<SignedPlan | undefined>;
  transcript(hash: string): Promise<Transcript | undefined>;
}

export function createDocuments(db: Kysely<Tables>): Documents {
  return {
    async plan(hash) {
      const row = await db.selectFrom('plans').select('signed').where('plan', '=', hash).executeTakeFirst();
      return row && SignedPlan.parse(JSON.parse(row.signed));
    },
    async transcript(hash) {
      const row = await db.selectFrom('transcripts').select('signed').where('transcript', '=', hash).executeTakeFirst();
      return row && Transcript.parse(JSON.parse(row.signed));
    },
  };
}
