import { Person } from '@sotto/protocol/views';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface AdminSessions {
  openSession(session: string, person: Person, expiry: number): Promise<void>;
  /** Whose session it is, while it lasts. */
  sessionOf(session: string, now: number): Promise<Person | undefined>;
  closeSession(session: string): Promise<void>;
  /** Everybody's, or those of people whom an OpenID provider knows. */
  endSessions(of: 'everybody' | 'provided'): Promise<void>;
}

export function createAdminSessions(db: Kysely<Tables>): AdminSessions {
  return {
    async openSession(session, person, expiry) {
      await db
        .insertInto('admin_sessions')
        .values({ session, person: JSON.stringify(person), expiry })
        .execute();
    },
    async sessionOf(session, now) {
      const row = await db
        .selectFrom('admin_sessions')
        .select(['person', 'expiry'])
        .where('session', '=', session)
        .executeTakeFirst();
      if (!row || Number(row.expiry) > now) return row && Person.parse(JSON.parse(row.person));
      await db.deleteFrom('admin_sessions').where('expiry', '<=', now).execute();
      return undefined;
    },
    async closeSession(session) {
      await db.deleteFrom('admin_sessions').where('session', '=', session).execute();
    },
    async endSessions(of) {
      const rows = await db.selectFrom('admin_sessions').select(['session', 'person']).execute();
      const ended = rows.filter(
        ({ person }) => of === 'everybody' || Person.parse(JSON.parse(person)).subject !== null,
      );
      for (const { session } of ended) await db.deleteFrom('admin_sessions').where('session', '=', session).execute();
    },
  };
}
