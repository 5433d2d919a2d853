import { type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { UnreachablePage } from '../api/failed-request.tsx';
import { taskQuery } from '../api/queries.ts';
import { RequestError } from '../api/request.ts';
import { DeadEnd } from '../ui/dead-end.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Loading } from '../ui/shell.tsx';
import { type PageOptions, parsePageOptions } from './page-options.ts';
import { TaskPage } from './task-page.tsx';

/** `/t/:task`: settles what the link says and what the coordinator knows, then shows the task. */
export function ParticipantPage() {
  const { task = '' } = useParams();
  const [pins] = useState(() => parseInvite(location.hash));
  const [options] = useState(() => parsePageOptions(location.search));
  // Joined, the session hears of changes itself; before, counts of who is here are polled.
  const query = useQuery({ ...taskQuery(task), refetchInterval: 5000 });

  const damaged = isRejection(pins) ? pins : isRejection(options) ? options : null;
  if (damaged) return <Refused problem={damaged as Rejection} />;
  if (query.data)
    return <TaskPage key={task} view={query.data as TaskView} pins={pins as Pins} options={options as PageOptions} />;
  if (query.isPending) return <Loading />;
  if (query.error instanceof RequestError && query.error.code !== 'unreachable') return <UnknownTask task={task} />;
  return <UnreachablePage error={query.error} query={query} />;
}

function Refused({ problem }: { problem: Rejection }) {
  return (
    <main data-testid="bad-link" className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>This link is damaged</PageTitle>
      <div className="mt-6">
        <Notice tone="bad" title={problem.message}>
          The part of the link that got lost says whom to trust, so nothing is guessed. Nothing was loaded or sent.
        </Notice>
      </div>
    </main>
  );
}

function UnknownTask({ task }: { task: string }) {
  return (
    <DeadEnd testId="unknown-task" title={`Nothing called “${task}” is learned here`} name="Unknown task">
      The link may be old or mistyped. Ask for it again, or choose from what there is.
    </DeadEnd>
  );
}
