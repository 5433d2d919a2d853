import { type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { FailedRequest } from '../api/failed-request.tsx';
import { taskQuery } from '../api/queries.ts';
import { RequestError } from '../api/request.ts';
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
  return (
    <main className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>The coordinator cannot be reached</PageTitle>
      <div className="mt-6">
        <FailedRequest error={query.error} retry={() => void query.refetch()} retrying={query.isFetching} />
      </div>
    </main>
  );
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
    <main data-testid="unknown-task" className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle name="Unknown task">Nothing called “{task}” is learned here</PageTitle>
      <p className="mt-3 text-muted">
        The link may be old or mistyped. Ask for it again, or choose from what there is.
      </p>
      <p className="mt-6">
        <Link to="/" className="font-medium text-accent underline underline-offset-4">
          See what is being learned
        </Link>
      </p>
    </main>
  );
}
