import type { TaskEntry } from '@sotto/protocol/admin/overview';
import { Link, useLocation, useParams } from 'react-router';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { useAction } from './action.ts';
import { type AdminRoute, isCurrent, shownIn } from './admin-route.ts';
import { useAdmin } from './context.ts';

const LINK =
  'flex min-h-9 items-center gap-2 rounded-lg px-3 py-1.5 text-sm hover:bg-sunken aria-[current]:bg-accent-soft aria-[current]:text-accent-strong';

/** At the left; on narrow screens above the page. */
export function Navigation({ pages }: { pages: readonly AdminRoute[] }) {
  const { task } = useParams();
  const { tasks, person, mayChange } = useAdmin();
  const shown = tasks.filter(({ id, archived }) => !archived || id === task);
  const { pathname } = useLocation();
  const { run } = useAction();
  const rest = pathname.replace(/^\/admin\/?/, '').replace(/\/$/, '');
  return (
    <div className="flex min-w-0 flex-col gap-2 lg:sticky lg:gap-4 lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:self-start">
      <nav aria-label="Dashboard" className="flex flex-wrap gap-1 lg:flex-col">
        {shownIn(pages, mayChange).map((route) => (
          <Link
            key={route.path}
            to={`/admin/${route.path}`}
            className={LINK}
            aria-current={isCurrent(route, rest) ? 'page' : undefined}
          >
            {route.nav}
          </Link>
        ))}
      </nav>
      {shown.length > 0 && (
        <nav aria-label="Tasks" className="min-h-0 lg:flex lg:flex-col">
          <h2 className="mb-1 hidden px-3 text-xs font-medium text-muted lg:block">Tasks</h2>
          <ul className="flex gap-1 overflow-x-auto lg:min-h-0 lg:flex-col lg:overflow-y-auto">
            {shown.map((entry) => (
              <li key={entry.id} className="shrink-0">
                <Link
                  to={`/admin/t/${entry.id}`}
                  className={LINK}
                  aria-current={entry.id === task ? 'page' : undefined}
                >
                  <Dot run={entry.run} />
                  {entry.title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <section
        aria-label="Who is signed in"
        className="flex flex-wrap items-center justify-between gap-x-2 border-t border-line pt-3 pl-3"
      >
        <p className="min-w-0 text-sm text-muted [overflow-wrap:anywhere]" data-testid="person">
          {person.subject === null ? person.name : `${person.name}, ${person.role}`}
        </p>
        <Button
          look="quiet"
          onClick={() =>
            void run(() => command('DELETE', '/api/admin/session')).then((done) => done && location.assign('/admin'))
          }
        >
          Sign out
        </Button>
      </section>
    </div>
  );
}

function Dot({ run }: Pick<TaskEntry, 'run'>) {
  const isUnfinished = run?.state === 'running' || run?.state === 'paused';
  return (
    <>
      <span
        aria-hidden="true"
        className={`size-2 shrink-0 rounded-full ${isUnfinished ? 'bg-accent' : 'bg-line-strong'}`}
      />
      {isUnfinished && <span className="sr-only">{run.state}:</span>}
    </>
  );
}
