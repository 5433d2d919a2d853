import { formatInvite, type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'react-router';
import { UnreachablePage } from '../api/failed-request.tsx';
import { useLastingError } from '../api/lasting-error.ts';
import { taskQuery } from '../api/queries.ts';
import { RequestError } from '../api/request.ts';
import { DeadEnd } from '../ui/dead-end.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { Loading } from '../ui/shell.tsx';
import { type PageOptions, parsePageOptions } from './page-options.ts';
import { TaskPage } from './task-page.tsx';

/** `/t/:task`: settles what the link says and what the coordinator knows, then shows the task. */
export function ParticipantPage() {
  const { task = '' } = useParams();
  const { hash } = useLocation();
  // What somebody takes part under stays, whatever is put into the address bar meanwhile.
  const [heldHash, setHeldHash] = useState<string | null>(null);
  const pins = useMemo(() => parseInvite(heldHash ?? hash), [heldHash, hash]);
  const holdLink = useCallback(
    (isHeld: boolean) => setHeldHash((held) => (isHeld ? (held ?? location.hash) : null)),
    [],
  );
  const [options] = useState(() => parsePageOptions(location.search));
  // Connected, the session hears of changes itself; otherwise counts of who is here are polled.
  const [isConnected, setConnected] = useState(false);
  const query = useQuery({ ...taskQuery(task), refetchInterval: isConnected ? false : 5000 });
  const error = useLastingError(query);

  const damaged = isRejection(pins) ? pins : isRejection(options) ? options : null;
  if (damaged) return <Refused problem={damaged as Rejection} />;
  if (query.data)
    return (
      <TaskPage
        key={task}
        view={query.data as TaskView}
        pins={pins as Pins}
        options={options as PageOptions}
        isOtherLink={heldHash !== null && !isSameLink(heldHash, hash)}
        onHoldLink={holdLink}
        onConnected={setConnected}
      />
    );
  if (error === null) return <Loading />;
  if (error instanceof RequestError && error.code === 'not_found') return <UnknownTask task={task} />;
  return <UnreachablePage error={error} query={query} />;
}

/** Whether two links say the same; a damaged one says nothing. */
function isSameLink(one: string, other: string): boolean {
  const [pins, others] = [parseInvite(one), parseInvite(other)];
  return !isRejection(pins) && !isRejection(others) && formatInvite(pins as Pins) === formatInvite(others as Pins);
}

function Refused({ problem }: { problem: Rejection }) {
  const { t } = useTranslation('shell');
  const address = problem.rejected === 'bad_address';
  return (
    <main data-testid="bad-link" className="mx-auto max-w-2xl px-5 py-12">
      <PageTitle>{t(address ? 'deadEnd.wrongAddress' : 'deadEnd.damaged')}</PageTitle>
      <div className="mt-6">
        <ProblemNotice problem={problem}>{!address && t('deadEnd.damagedWhy')}</ProblemNotice>
      </div>
    </main>
  );
}

function UnknownTask({ task }: { task: string }) {
  const { t } = useTranslation('shell');
  return (
    <DeadEnd testId="unknown-task" title={t('deadEnd.unknownTask', { task })} name={t('deadEnd.unknownTaskName')}>
      {t('deadEnd.unknownTaskWhy')}
    </DeadEnd>
  );
}
