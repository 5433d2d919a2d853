import { Link, Navigate, useSearchParams } from 'react-router';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { useAdmin } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { FirstSteps } from './first-steps.tsx';
import { TaskCard } from './task-card.tsx';
import { todosOf } from './todo.ts';
import { useNow } from './use-now.ts';

/** `/admin`: what runs, and what waits for whoever runs it. Links of before, `/admin?task=mnist`, lead to the task. */
export function OverviewPage() {
  const { coordinator, studyKey, tasks } = useAdmin();
  const [search] = useSearchParams();
  const now = useNow();
  const task = search.get('task');
  if (task !== null) return <Navigate to={`/admin/t/${encodeURIComponent(task)}`} replace />;
  const open = tasks.filter(({ archived }) => !archived);
  const todos = open.flatMap((entry) => todosOf(entry, now));
  const rank = ({ run }: (typeof tasks)[number]) =>
    run?.state === 'running' || run?.state === 'paused' ? 0 : run ? 1 : 2;
  return (
    <>
      <PageHead title="Overview">
        Coordinator <Fingerprint of={coordinator} />
        {studyKey ? (
          <>
            , study key <Fingerprint of={studyKey} />
          </>
        ) : (
          ', no study key'
        )}
      </PageHead>
      {tasks.every(({ run }) => run === null) && <FirstSteps />}
      {todos.length > 0 && (
        <Card title="Waits for you" testId="todos">
          <ul className="divide-y divide-line">
            {todos.map(({ to, what, why, tone }) => (
              <li key={`${to} ${what}`} className="py-3 first:pt-0 last:pb-0">
                <Link to={to} className="font-medium text-accent underline underline-offset-4">
                  {what}
                </Link>
                <p className={`mt-0.5 text-sm ${tone === 'warn' ? 'text-warn' : 'text-muted'}`}>{why}</p>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {open.length > 0 && (
        <section aria-labelledby="tasks-heading">
          <h2 id="tasks-heading" className="mb-3 text-lg font-semibold">
            Tasks
          </h2>
          <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
            {open
              .toSorted((a, b) => rank(a) - rank(b) || (b.run?.startedAt ?? 0) - (a.run?.startedAt ?? 0))
              .map((entry) => (
                <li key={entry.id}>
                  <TaskCard task={entry} />
                </li>
              ))}
          </ul>
        </section>
      )}
      {tasks.length > open.length && (
        <p className="text-sm text-muted">
          Archived:{' '}
          {tasks
            .filter(({ archived }) => archived)
            .map(({ id, title }, i) => (
              <span key={id}>
                {i > 0 && ', '}
                <Link to={`/admin/t/${id}/share`} className="text-accent underline underline-offset-4">
                  {title}
                </Link>
              </span>
            ))}
        </p>
      )}
    </>
  );
}
