import { useQueries } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useTask } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { ComparePlot } from './compare-plot.tsx';
import { CompareTable } from './compare-table.tsx';
import { runQuery } from './queries.ts';

/** `/admin/t/:task/compare?runs=a,b,…`: their curves over one another, what they were told otherwise, and what came of it. */
export function ComparePage() {
  const { id } = useTask();
  const [search] = useSearchParams();
  const names = [...new Set((search.get('runs') ?? '').split(',').filter((name) => name !== ''))];
  const queries = useQueries({ queries: names.map((name) => runQuery(id, name)) });
  const failed = queries.find(({ error }) => error);
  const details = queries.flatMap(({ data }) => data ?? []);
  return (
    <>
      <PageHead title={`Compare ${names.length} runs`} name="Compare runs">
        Their curves over one another, what came of them, and what they were told otherwise.
      </PageHead>
      {names.length === 0 && (
        <Empty
          title="No runs chosen"
          action={
            <Link to={`/admin/t/${id}`} className={buttonLook('primary')}>
              Choose runs
            </Link>
          }
        >
          Tick two or more in the list of runs.
        </Empty>
      )}
      {failed?.error && <FailedRequest error={failed.error} query={failed} />}
      {details.length > 0 && (
        <>
          <ComparePlot runs={details.map(({ run }) => run)} />
          <CompareTable task={id} details={details} />
          <CommandLine words={['run', 'compare', ...names]} />
        </>
      )}
    </>
  );
}
