import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { UnreachablePage } from '../../api/failed-request.tsx';
import { adminQuery } from '../../api/queries.ts';
import { Loading } from '../../ui/shell.tsx';
import type { AdminRoute } from './admin-route.ts';
import { useChanges } from './changes.ts';
import { AdminContext } from './context.ts';
import { Frame } from './frame.tsx';
import { takeRefusal } from './refusals.ts';
import { useSession } from './session.ts';
import { SessionEnded } from './session-ended.tsx';
import { SignIn } from './sign-in.tsx';

/** `/admin` and all below it: signs in by the start-up link or by hand, then shows the page of the address in the frame. */
export function AdminPage({ pages }: { pages: readonly AdminRoute[] }) {
  const [notice] = useState(takeRefusal);
  const session = useSession();
  const { person, ended } = session;
  const isSignedIn = person !== null && !ended;
  const query = useQuery({ ...adminQuery, enabled: isSignedIn });
  const lostAt = useChanges(isSignedIn);
  const view = query.data;
  const admin = useMemo(
    () => view && person && { ...view, person, mayChange: person.role === 'admin' },
    [view, person],
  );

  if (person === null && session.query.data) return <SignIn notice={notice} session={session} />;
  if (admin)
    return (
      <AdminContext value={admin}>
        <Frame pages={pages} lostAt={lostAt} />
        {ended && <SessionEnded session={session} />}
      </AdminContext>
    );
  const failed = [session.query, query].find(({ error }) => error);
  if (failed?.error) return <UnreachablePage error={failed.error} query={failed} />;
  return <Loading />;
}
