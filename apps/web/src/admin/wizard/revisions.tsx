import { TaskRevisions } from '@sotto/protocol/admin/tasks';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatMinute } from '../../ui/quantity.ts';
import { CommandLine } from '../frame/command-line.tsx';

/** What a task was before, who changed it, and how to carry it away. */
export function Revisions({ task }: { task: string }) {
  const { data } = useQuery({
    queryKey: [...ADMIN, 'tasks', task, 'revisions'],
    queryFn: () => request(TaskRevisions, 'GET', `/api/admin/tasks/${encodeURIComponent(task)}/revisions`),
  });
  const exported = `/api/admin/tasks/${encodeURIComponent(task)}/export`;
  return (
    <Card title="Revisions" testId="revisions">
      <div className="space-y-5">
        <ol className="divide-y divide-line text-sm">
          {data?.revisions.map(({ revision, at, by, changed, runs }) => (
            <li key={revision} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2.5">
              <span className="font-medium">Revision {revision}</span>
              <span className="text-muted">
                {formatMinute(at)}, {by}
              </span>
              <span className="text-muted">{changed.length > 0 ? `changed ${changed.join(', ')}` : 'the first'}</span>
              {runs.map((run) => (
                <Link key={run} to={`/admin/t/${task}/runs/${run}`} className="underline underline-offset-4">
                  run {run}
                </Link>
              ))}
              <a
                href={`${exported}?revision=${revision}`}
                download
                className="ml-auto underline underline-offset-4"
                aria-label={`Export revision ${revision}`}
              >
                Export
              </a>
            </li>
          ))}
        </ol>
        <a href={exported} download className={buttonLook()}>
          Export the task as a zip file
        </a>
        <CommandLine words={['task', 'export', task, '--out', task]} label="As a folder, to be kept in git" />
      </div>
    </Card>
  );
}
