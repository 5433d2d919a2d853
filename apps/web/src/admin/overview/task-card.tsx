import type { TaskEntry } from '@sotto/protocol/admin/overview';
import { Link } from 'react-router';
import { formatDate, formatPlural, formatShare } from '../../ui/quantity.ts';
import { Sparkline } from '../runs/sparkline.tsx';
import { StateMark } from '../runs/state-mark.tsx';

/** How a task stands, and the way to it. */
export function TaskCard({ task: { id, title, summary, run, status } }: { task: TaskEntry }) {
  return (
    <Link
      to={`/admin/t/${id}`}
      data-testid="task-card"
      className="flex h-full flex-col rounded-2xl border border-line bg-surface p-5 transition-colors hover:border-accent"
    >
      <span className="flex items-baseline justify-between gap-3">
        <span className="font-semibold">{title}</span>
        {run && (
          <span className="text-sm">
            <StateMark state={run.state} />
          </span>
        )}
      </span>
      {run ? (
        <span className="mt-3 flex items-end justify-between gap-3">
          <span className="text-sm text-muted">
            <span className="block text-2xl font-semibold text-ink">{formatShare(run.testAccuracy)}</span>
            {run.published === 0
              ? `right before the first of ${formatPlural(run.config.rounds, 'round')}`
              : `right after ${run.published} of ${formatPlural(run.config.rounds, 'round')}`}
          </span>
          {run.curve.length > 1 && <Sparkline values={run.curve} />}
        </span>
      ) : (
        <span className="mt-1 line-clamp-2 text-sm text-muted">{summary}</span>
      )}
      <span className="mt-auto flex flex-wrap justify-between gap-x-3 pt-3 text-sm text-muted">
        <span>{formatPlural(status.present, 'device')} here</span>
        <span>{run ? `started ${formatDate(run.startedAt)}` : 'no run yet'}</span>
      </span>
    </Link>
  );
}
