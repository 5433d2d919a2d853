import { Outlet } from 'react-router';
import { Notice } from '../../ui/notice.tsx';
import { formatClock } from '../../ui/quantity.ts';
import type { AdminRoute } from './admin-route.ts';
import { useAdmin } from './context.ts';
import { Navigation } from './navigation.tsx';

/** Around every page of the dashboard: the way to the others, who is signed in, and what is in the way. */
export function Frame({ pages, lostAt }: { pages: readonly AdminRoute[]; lostAt: number | null }) {
  const { mayChange } = useAdmin();
  return (
    <div
      lang="en"
      data-testid="admin"
      className="mx-auto grid max-w-[90rem] gap-x-8 gap-y-5 px-5 py-6 lg:grid-cols-[13.5rem_minmax(0,1fr)]"
    >
      <Navigation pages={pages} />
      <main className="min-w-0 space-y-5">
        {lostAt !== null && (
          <Notice tone="warn" title="Connection lost" testId="connection-lost">
            What you see is as it was at {formatClock(lostAt)}. The page goes on by itself once the coordinator answers.
          </Notice>
        )}
        {!mayChange && <Notice tone="calm" title="You may look at everything here, and change nothing." />}
        <Outlet />
      </main>
    </div>
  );
}
