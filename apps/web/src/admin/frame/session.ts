import type { Person } from '@sotto/protocol/views';
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ADMIN, isSignedOut, sessionQuery } from '../../api/queries.ts';
import { command } from '../../api/request.ts';
import { takeToken } from './token.ts';

/** Looked at so often, so that somebody who only watches hears of it, too. */
const LOOK_MS = 60_000;

export interface Session {
  /** Whoever is signed in, or was until a moment ago; null: nobody since the page was opened. */
  readonly person: Person | null;
  /** Their session has ended: by its age, at their provider, or because somebody ended all. */
  readonly ended: boolean;
  /** Whether there is a sign-in service. */
  readonly openId: boolean;
  /** Why the last token was refused. */
  readonly refusal: string | null;
  readonly signIn: (token: string) => Promise<void>;
  readonly query: Pick<UseQueryResult, 'data' | 'error' | 'refetch' | 'isFetching'>;
}

/** Who uses the dashboard. The token of a start-up link signs in by itself. */
export function useSession(): Session {
  const client = useQueryClient();
  const [token] = useState(takeToken);
  const [ready, setReady] = useState(token === null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [person, setPerson] = useState<Person | null>(null);
  const query = useQuery({ ...sessionQuery, enabled: ready, refetchInterval: LOOK_MS });
  const present = query.data?.person ?? null;
  if (present && present !== person) setPerson(present);

  async function signIn(given: string): Promise<void> {
    setRefusal(null);
    try {
      await command('POST', '/api/admin/session', { token: given });
      await client.invalidateQueries({ queryKey: ADMIN });
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  }

  useEffect(() => {
    // A used token is no obstacle to somebody who is signed in already: the session tells.
    if (token !== null) void signIn(token).then(() => setReady(true));
  }, []);

  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'error' || !isSignedOut(event.action.error)) return;
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      }),
    [client],
  );

  const ended = person !== null && query.data !== undefined && present === null;
  return { person, ended, openId: query.data?.openId ?? false, refusal, signIn, query };
}
