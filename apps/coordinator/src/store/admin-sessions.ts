import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface AdminSessions {
  openSession(session: string, expiry: number): Promise<void>;
  hasSession(session: string, now: number): Promise<boolean>;
  closeSession(session: string): Promise<void>;
}

export function createAdminSessions(db: Kysely<Tables>): AdminSessions {
  return {
    async openSession(session, expiry) {
      await db.insertInto('admin_sessions').values({ session, expiry }).execute();
    },
    async hasSession(session, now) {
      await db.deleteFrom('admin_sessions').where('expiry', '<=', now).execute();
      const row = await db
        .selectFrom('admin_sessions')
        .select('session')
        .where('session', '=', session)
        .executeTakeFirst();
      return row !== undefined;
    },
    async closeSession(session) {
      await db.deleteFrom('admin_sessions').where('session', '=', session).execute();
    },
  };
}
