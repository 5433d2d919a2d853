import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { FailedRequest } from '../api/failed-request.tsx';
import { adminQuery } from '../api/queries.ts';
import { command, RequestError } from '../api/request.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { Loading } from '../ui/shell.tsx';
import { Dashboard } from './dashboard.tsx';
import { SignIn } from './sign-in.tsx';
import { takeToken } from './token.ts';

/** `/admin`: signs in by the start-up link or by hand, then shows the dashboard. */
export function AdminPage() {
  const [token] = useState(takeToken);
  const [signedIn, setSignedIn] = useState(token === null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const query = useQuery({ ...adminQuery, enabled: signedIn });

  async function signIn(given: string): Promise<void> {
    setRefusal(null);
    try {
      await command('POST', '/api/admin/session', { token: given });
    } catch (error) {
      // A used token is no obstacle to somebody who is signed in already: the query tells.
      setRefusal(error instanceof Error ? error.message : String(error));
    }
    setSignedIn(true);
    await query.refetch();
  }

  useEffect(() => {
    if (token !== null) void signIn(token);
  }, []);

  if (query.error instanceof RequestError && query.error.code === 'not_signed_in')
    return <SignIn refusal={refusal} onSignIn={signIn} />;
  if (query.data) return <Dashboard view={query.data} onSignedOut={() => location.reload()} />;
  if (query.error)
    return (
      <main className="mx-auto max-w-2xl px-5 py-12">
        <PageTitle>The coordinator cannot be reached</PageTitle>
        <div className="mt-6">
          <FailedRequest error={query.error} retry={() => void query.refetch()} retrying={query.isFetching} />
        </div>
      </main>
    );
  return <Loading />;
}
