import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { requestBytes } from '../../api/request.ts';
import { Card } from '../../ui/card.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { formatDate, formatPlural } from '../../ui/quantity.ts';
import { useTask } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { runListQuery, runQuery } from '../runs/queries.ts';
import { heldKeyQuery } from '../study/held-key.ts';
import { CheckForm } from './check-form.tsx';
import { EvidenceDownload, NumbersDownload } from './downloads.tsx';
import { FileCheck } from './file-check.tsx';
import { Outcome } from './outcome.tsx';
import { evidencePath } from './queries.ts';
import { Records } from './records.tsx';
import { useCheck } from './use-check.ts';

/** `/admin/t/:task/evidence`: what shows that rounds were done as promised. `?run=` */
export function EvidencePage() {
  const { id, title } = useTask();
  const [search, setSearch] = useSearchParams();
  const query = useQuery(runListQuery(id));
  const runs = query.data?.runs ?? [];
  const chosen =
    runs.find(({ run }) => run === search.get('run')) ?? runs.find(({ published }) => published > 0) ?? runs[0];
  return (
    <div className="space-y-5" data-testid="evidence">
      <PageHead title="Evidence" name={`Evidence of ${title}`}>
        Each published round leaves a signed record: who was asked, whose updates were summed, who voted and opened the
        sum, and what was made of it. Anybody can check it; nobody can read a single update from it.
      </PageHead>
      {query.error && !query.data && <FailedRequest error={query.error} query={query} />}
      {query.data && !chosen && (
        <Empty
          title="There is no evidence yet"
          testId="no-evidence"
          action={
            <Link className="text-accent underline underline-offset-4" to={`/admin/t/${id}/launch`}>
              Start a run
            </Link>
          }
        >
          Once a run has published a round, its record is here: to be checked, and to be given to others.
        </Empty>
      )}
      {chosen && (
        <>
          {runs.length > 1 && (
            <div className="max-w-md">
              <ChoiceField
                label="Run"
                value={chosen.run}
                onChange={({ target }) => setSearch({ run: target.value }, { replace: true })}
              >
                {runs.map(({ run, startedAt, published }) => (
                  <option key={run} value={run}>
                    {formatDate(startedAt)}, {formatPlural(published, 'round')} ({run})
                  </option>
                ))}
              </ChoiceField>
            </div>
          )}
          {/* Another run: what was checked is not of this one. */}
          <OfRun key={chosen.run} task={id} run={chosen.run} />
        </>
      )}
      <div className="max-w-3xl">
        <FileCheck />
      </div>
    </div>
  );
}

function OfRun({ task, run }: { task: string; run: string }) {
  const query = useQuery(runQuery(task, run));
  const { data: held } = useQuery(heldKeyQuery);
  const { state, start } = useCheck();
  if (!query.data) return query.error ? <FailedRequest error={query.error} query={query} /> : null;
  const { rounds, startedAt } = query.data.run;
  const published = rounds.filter((round) => round.kind === 'published');
  if (published.length === 0)
    return (
      <Empty title="This run has published no round yet" testId="no-records">
        A round that is abandoned leaves no record: nothing of it was opened for anybody to use.
      </Empty>
    );
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="min-w-0 space-y-5">
        <Card title="Records" aside={formatPlural(published.length, 'round')}>
          <Records task={task} rounds={published} />
        </Card>
        <Card title="Check the whole run" testId="check-run">
          <div className="space-y-5">
            <CheckForm
              key={held?.publicKey}
              label="Check every round"
              busy={state.kind === 'fetching' || state.kind === 'checking'}
              heldKey={held?.publicKey ?? null}
              onCheck={(pins, whole) => void start(() => requestBytes(evidencePath({ run, whole })), pins)}
            />
            <Outcome state={state} />
          </div>
        </Card>
      </div>
      <div className="min-w-0 space-y-5">
        <EvidenceDownload run={run} />
        <NumbersDownload run={run} startedAt={startedAt} />
      </div>
    </div>
  );
}
