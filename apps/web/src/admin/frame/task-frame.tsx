import { Link, Outlet, useLocation, useParams } from 'react-router';
import { type AdminRoute, isCurrent, shownIn } from './admin-route.ts';
import { useAdmin } from './context.ts';
import { PageHead } from './page-head.tsx';

/** Above every page of a task: the way to the others. */
export function TaskFrame({ pages }: { pages: readonly AdminRoute[] }) {
  const { task: id = '' } = useParams();
  const { tasks, mayChange } = useAdmin();
  const { pathname } = useLocation();
  const task = tasks.find((entry) => entry.id === id);
  if (!task)
    return (
      <div data-testid="unknown-task">
        <PageHead title="No such task">
          There is no task “{id}” here. It may have another name by now; all there are stand in the navigation.
        </PageHead>
      </div>
    );
  const base = `/admin/t/${id}`;
  const rest = pathname.slice(base.length).replace(/^\/|\/$/g, '');
  return (
    <div data-testid="task" data-task={id} className="space-y-5">
      {/* The heading says which page of the task this is. */}
      <p className="mb-2 px-3 text-sm font-semibold">
        {task.title}
        {task.archived && <span className="font-normal text-muted"> (archived)</span>}
      </p>
      <nav aria-label={`Pages of ${task.title}`} className="flex flex-wrap gap-x-1 border-b border-line">
        {shownIn(pages, mayChange).map((route) => (
          <Link
            key={route.path}
            to={route.path === '' ? base : `${base}/${route.path}`}
            aria-current={isCurrent(route, rest) ? 'page' : undefined}
            className="-mb-px inline-flex min-h-10 items-center border-b-2 border-transparent px-3 text-sm text-muted hover:text-ink aria-[current]:border-accent aria-[current]:font-semibold aria-[current]:text-ink"
          >
            {route.nav}
          </Link>
        ))}
      </nav>
      {/* Another task is another page: what was typed for one is not for the other. */}
      <Outlet key={id} />
    </div>
  );
}
