import { useQuery } from '@tanstack/react-query';
import { adminQuery } from '../../api/queries.ts';
import { useAdmin, useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { PastRuns } from './past-runs.tsx';
import { RunPanel } from './run-panel.tsx';
import { StartRun } from './start-run.tsx';

/** `/admin/t/:task`: its present run, and those before. */
export function RunsPage() {
  const { mayChange } = useAdmin();
  const { id, title, run } = useTask();
  const { data } = useQuery(adminQuery);
  const view = data?.tasks.find(({ task }) => task.id === id);
  if (!data || !view) return null;
  return (
    <>
      <PageHead title="Runs" name={`Runs of ${title}`} />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          <RunPanel view={view} mayChange={mayChange} />
          <PastRuns runs={data.runs.filter((each) => each.task === id && each.run !== run?.run)} />
        </div>
        {run?.state !== 'running' && run?.state !== 'paused' && (
          <fieldset disabled={!mayChange} className="min-w-0">
            <StartRun view={view} />
          </fieldset>
        )}
      </div>
    </>
  );
}
