import { Link, Navigate, useSearchParams } from 'react-router';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatPlural, formatShare } from '../../ui/quantity.ts';
import { type TaskEntry, useAdmin } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';

/** `/admin`: what runs, and what waits for whoever runs it. Links of before, `/admin?task=mnist`, lead to the task. */
export function OverviewPage() {
  const { coordinator, studyKey, tasks } = useAdmin();
  const [search] = useSearchParams();
  const task = search.get('task');
  if (task !== null) return <Navigate to={`/admin/t/${encodeURIComponent(task)}`} replace />;
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
      {tasks.length === 0 ? (
        <Empty title="There are no tasks yet">
          Add a task folder (see CONTRIBUTING.md, “Add a task”) and start the coordinator again.
        </Empty>
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 2xl:grid-cols-3">
          {tasks.map((entry) => (
            <li key={entry.id}>
              <TaskCard task={entry} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function TaskCard({ task: { id, title, run, status } }: { task: TaskEntry }) {
  return (
    <Link
      to={`/admin/t/${id}`}
      className="block h-full rounded-2xl border border-line bg-surface p-5 hover:border-accent"
    >
      <span className="block font-semibold">{title}</span>
      <span className="mt-1 block text-sm text-muted">
        {run
          ? `${run.state}, ${run.published} of ${run.rounds} rounds, ${formatShare(run.testAccuracy)} right`
          : 'No run yet'}
        , {formatPlural(status.present, 'device')} here
      </span>
    </Link>
  );
}
