import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { UnreachablePage } from '../api/failed-request.tsx';
import { adminQuery, isSignedOut, sessionQuery } from '../api/queries.ts';
import { command } from '../api/request.ts';
import { Loading } from '../ui/shell.tsx';
import { Dashboard } from './dashboard.tsx';
import { takeRefusal } from './refusals.ts';
import { SignIn } from './sign-in.tsx';
import { takeToken } from './token.ts';

/** `/admin`: signs in by the start-up link or by hand, then shows the dashboard. */
export function AdminPage() {
  const [token] = useState(takeToken);
  const [ready, setReady] = useState(token === null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [notice] = useState(takeRefusal);
  const client = useQueryClient();
  const query = useQuery({ ...adminQuery, enabled: ready });
  const session = useQuery({ ...sessionQuery, enabled: ready });

  async function signIn(given: string): Promise<void> {
    setRefusal(null);
    try {
      await command('POST', '/api/admin/session', { token: given });
      await client.invalidateQueries({ queryKey: adminQuery.queryKey });
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  }

  useEffect(() => {
    // A used token is no obstacle to somebody who is signed in already: the query tells.
    if (token !== null) void signIn(token).then(() => setReady(true));
  }, []);

  if (isSignedOut(query.error))
    return <SignIn notice={notice} refusal={refusal} openId={session.data?.openId ?? false} onSignIn={signIn} />;
  if (query.data)
    return <Dashboard view={query.data} person={session.data?.person ?? null} onSignedOut={() => location.reload()} />;
  if (query.error) return <UnreachablePage error={query.error} query={query} />;
  return <Loading />;
}
