import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface AuditLog {
  audit(at: number, action: string, detail: unknown): Promise<void>;
}

export function createAuditLog(db: Kysely<Tables>): AuditLog {
  return {
    async audit(at, action, detail) {
      await db
        .insertInto('audit')
        .values({ at, action, detail: JSON.stringify(detail) })
        .execute();
    },
  };
}
