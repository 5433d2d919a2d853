import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { valuesOf } from './form-values.ts';
import { LaunchForm } from './launch-form.tsx';
import { runQuery } from './queries.ts';

/** `/admin/t/:task/launch`: a new run, with `?clone=RUN` as that one was. */
export function LaunchPage() {
  const { id, title } = useTask();
  const [search] = useSearchParams();
  const cloned = search.get('clone');
  const startFrom = search.get('from');
  const query = useQuery({ ...runQuery(id, cloned ?? ''), enabled: cloned !== null });
  return (
    <>
      <PageHead title={cloned === null ? 'Start a run' : `Clone ${cloned}`} name={`Start a run of ${title}`}>
        {cloned === null
          ? 'What is left empty is taken from the task, as it stands in the fields.'
          : 'Everything as it was, seed included, until you change it.'}
      </PageHead>
      {query.error && <FailedRequest error={query.error} query={query} />}
      {(cloned === null || query.data) && (
        <LaunchForm
          key={cloned ?? ''}
          task={id}
          start={query.data ? valuesOf(query.data.run.config) : startFrom === null ? {} : { startFrom }}
        />
      )}
    </>
  );
}
