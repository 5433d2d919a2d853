import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { NowCard } from './now-card.tsx';
import { runListQuery } from './queries.ts';
import { RunTable } from './run-table.tsx';

/** `/admin/t/:task`: what is under way, and all runs there were. */
export function RunsPage() {
  const { mayChange } = useAdmin();
  const { id, title } = useTask();
  const query = useQuery(runListQuery(id));
  const runs = query.data?.runs ?? [];
  const current = runs.find(({ state }) => state === 'running' || state === 'paused');
  const launch = (
    <Link to={`/admin/t/${id}/launch`} className={buttonLook('primary')} data-testid="launch">
      Start a run
    </Link>
  );
  return (
    <>
      <PageHead title="Runs" name={`Runs of ${title}`} actions={mayChange && !current && runs.length > 0 && launch}>
        A run learns one model of {title}, round by round.
      </PageHead>
      {query.error && <FailedRequest error={query.error} query={query} />}
      {query.data && runs.length === 0 && (
        <Empty
          title="No run yet"
          testId="no-runs"
          action={
            <>
              {mayChange && launch}
              <Link to={`/admin/t/${id}/share`} className={buttonLook()}>
                Invite devices
              </Link>
            </>
          }
        >
          Invite devices with the task’s link, then start a run: it waits until enough of them are here.
        </Empty>
      )}
      {current && <NowCard task={id} run={current.run} />}
      {runs.length > 0 && <RunTable task={id} runs={runs} />}
      <CommandLine words={['run', 'list', id]} label="The same list from a shell" />
    </>
  );
}
