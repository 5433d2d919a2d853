import type { AuditFilter, AuditNames } from '@sotto/protocol/admin/evidence';
import type { AuditEntry } from '@sotto/protocol/views';
import { type Expression, type Kysely, sql } from 'kysely';
import { createTurns } from '../turns.ts';
import type { Tables } from './schema.ts';

export interface AuditLog {
  audit(at: number, who: string, action: string, detail: unknown): Promise<void>;
  /** The newest first, of those that fit; those before an entry, for the next page. */
  auditEntries(most: number, before?: number, filter?: AuditFilter): Promise<AuditEntry[]>;
  /** Ascending. */
  auditNames(): Promise<AuditNames>;
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
    async auditEntries(most, before, { who, action, search, since, until } = {}) {
      let query = db.selectFrom('audit_entries').selectAll().orderBy('entry', 'desc').limit(most);
      if (before !== undefined) query = query.where('entry', '<', before);
      if (who !== undefined) query = query.where('who', '=', who);
      if (action !== undefined) query = query.where(({ ref }) => contains(ref('action'), action, 'at the start'));
      if (search !== undefined)
        query = query.where(({ ref, or }) =>
          or([ref('action'), ref('who'), ref('detail')].map((column) => contains(column, search, 'anywhere'))),
        );
      if (since !== undefined) query = query.where('at', '>=', since);
      if (until !== undefined) query = query.where('at', '<', until);
      const rows = await query.execute();
      return rows.map(({ at, detail, ...row }) => ({ ...row, at: Number(at), detail: JSON.parse(detail) as unknown }));
    },
    async auditNames() {
      const all = db.selectFrom('audit_entries').distinct();
      const people = await all.select('who').execute();
      const actions = await all.select('action').execute();
      // Not by the database, of which each has an order of its own.
      return { people: people.map(({ who }) => who).sort(), actions: actions.map(({ action }) => action).sort() };
    },
  };
}

/** Whether the text is in the column, whatever its capitals: both as the database makes them small. */
function contains(column: Expression<string>, text: string, where: 'at the start' | 'anywhere') {
  const escaped = text.replace(/[\\%_]/g, '\\$&');
  const pattern = `${where === 'anywhere' ? '%' : ''}${escaped}%`;
  return sql<boolean>`lower(${column}) LIKE lower(${pattern}) ESCAPE '\\'`;
}
