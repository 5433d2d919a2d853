import type { AuditEntry } from '@sotto/protocol/views';
import type { Kysely } from 'kysely';
import { createTurns } from '../turns.ts';
import type { Tables } from './schema.ts';

export interface AuditLog {
  audit(at: number, who: string, action: string, detail: unknown): Promise<void>;
  /** The newest first; those before an entry, for the next page. */
  auditEntries(most: number, before?: number): Promise<AuditEntry[]>;
}

export function createAuditLog(db: Kysely<Tables>): AuditLog {
  // One coordinator writes to a database, so numbers are taken one after the other here.
  const inTurn = createTurns();
  return {
    audit: (at, who, action, detail) =>
      inTurn(async () => {
        await db
          .insertInto('audit_entries')
          .values(({ selectFrom }) => ({
            entry: selectFrom('audit_entries').select(({ fn, lit, eb }) =>
              eb(fn.coalesce(fn.max('entry'), lit(0)), '+', lit(1)).as('next'),
            ),
            at,
            who,
            action,
            detail: JSON.stringify(detail),
          }))
          .execute();
      }),
    async auditEntries(most, before) {
      let query = db.selectFrom('audit_entries').selectAll().orderBy('entry', 'desc').limit(most);
      if (before !== undefined) query = query.where('entry', '<', before);
      const rows = await query.execute();
      return rows.map(({ at, detail, ...row }) => ({ ...row, at: Number(at), detail: JSON.parse(detail) as unknown }));
    },
  };
}
