import { useEffect, useState, useSyncExternalStore } from 'react';
import { createSession, type Session, type SessionState } from './session.ts';

/** A session that lives as long as the page that uses it. */
export function useSession(): { session: Session; state: SessionState } {
  const [session] = useState(createSession);
  const state = useSyncExternalStore(session.subscribe, session.state);
  useEffect(() => () => void session.leave(), [session]);
  return { session, state };
}
