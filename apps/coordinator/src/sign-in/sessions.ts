import { createHash, randomBytes } from 'node:crypto';
import type { Person } from '@sotto/protocol/views';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';

export const ADMIN_COOKIE = 'sotto_admin';

/** Who is signed in: a browser's cookie stands for a person with a role. The store knows its SHA-256 only. */
export interface AdminSessions {
  /** @returns the new cookie's value. */
  open(person: Person, lastsMs: number): Promise<string>;
  whoIs(cookie: string | undefined): Promise<Person | undefined>;
  close(cookie: string): Promise<void>;
  endAll(): Promise<void>;
}

type SessionStore = Pick<Store, 'openSession' | 'sessionOf' | 'closeSession' | 'endSessions'>;

export function createAdminSessions(store: SessionStore, clock: Pick<Clock, 'now'>): AdminSessions {
  return {
    async open(person, lastsMs) {
      const cookie = randomBytes(32).toString('base64url');
      await store.openSession(digest(cookie), person, clock.now() + lastsMs);
      return cookie;
    },
    whoIs: async (cookie) => (cookie === undefined ? undefined : store.sessionOf(digest(cookie), clock.now())),
    close: (cookie) => store.closeSession(digest(cookie)),
    endAll: () => store.endSessions('everybody'),
  };
}

/** As the audit log names them: a name alone may be anybody's. */
export function nameOf({ name, subject }: Person): string {
  return subject === null ? name : `${name} (${subject})`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One cookie of a Cookie header (RFC 6265). */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
