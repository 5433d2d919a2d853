import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';

export const ADMIN_COOKIE = 'sotto_admin';
export const SESSION_MS = 7 * 24 * 3600 * 1000;

/** Who may run the study: whoever brings the one-time token that was printed at start, and then their browser by a cookie. */
export interface AdminSessions {
  /** Printed once, good once. */
  readonly token: string;
  /** The new cookie's value; undefined for a wrong or used token. */
  signIn(token: string): Promise<string | undefined>;
  isSignedIn(cookie: string | undefined): Promise<boolean>;
  signOut(cookie: string): Promise<void>;
}

export function createAdminSessions(store: Store, clock: Clock): AdminSessions {
  const token = randomBytes(24).toString('base64url');
  let used = false;
  return {
    token,
    async signIn(given) {
      // Compared as digests, in constant time: neither length nor content leaks.
      if (used || !timingSafeEqual(digest(given), digest(token))) return undefined;
      used = true;
      const cookie = randomBytes(32).toString('base64url');
      await store.openSession(digest(cookie).toString('hex'), clock.now() + SESSION_MS);
      return cookie;
    },
    isSignedIn: async (cookie) =>
      cookie !== undefined && (await store.hasSession(digest(cookie).toString('hex'), clock.now())),
    signOut: (cookie) => store.closeSession(digest(cookie).toString('hex')),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** One cookie of a Cookie header (RFC 6265). */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
