import { OPEN_PINS } from '@sotto/protocol/invite';
import { contributorsOf, partsOf, roundPlanOf, type TranscriptBody } from '@sotto/protocol/transcript';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { requestBytes } from '../../api/request.ts';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatCount, formatShare } from '../../ui/quantity.ts';
import { Stat } from '../../ui/stat.tsx';
import { useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { heldKeyQuery } from '../study/held-key.ts';
import { CheckForm } from './check-form.tsx';
import { DeviceLookup } from './device-lookup.tsx';
import { EvidenceDownload } from './downloads.tsx';
import { Outcome } from './outcome.tsx';
import { Part } from './part.tsx';
import { evidencePath, transcriptQuery } from './queries.ts';
import { useCheck } from './use-check.ts';

/** `/admin/t/:task/evidence/:transcript`: the record of a round, checked as soon as it is shown. */
export function TranscriptPage() {
  const { transcript: hash = '' } = useParams();
  const { id } = useTask();
  const query = useQuery(transcriptQuery(hash));
  const back = (
    <Link className="text-sm text-accent underline underline-offset-4" to={`/admin/t/${id}/evidence`}>
      All records
    </Link>
  );
  if (query.data) return <Record key={hash} hash={hash} body={query.data.body} back={back} />;
  return (
    <div className="space-y-5">
      <PageHead title="Record of a round" actions={back} />
      {query.error && <FailedRequest error={query.error} query={query} />}
    </div>
  );
}

function Record({ hash, body, back }: { hash: string; body: TranscriptBody; back: React.ReactNode }) {
  const { data: held, isPending } = useQuery(heldKeyQuery);
  const { state, start } = useCheck();
  const plan = roundPlanOf(body);
  const { run, round } = plan;
  const heldKey = plan.committee.members[0]?.certificate ? (held?.publicKey ?? null) : null;
  const fetchBytes = (whole: boolean) => requestBytes(evidencePath({ run, round, whole }));
  useEffect(() => {
    if (!isPending) void start(() => fetchBytes(false), { ...OPEN_PINS, studyKey: heldKey });
  }, [isPending]);
  const parts = partsOf(body);
  return (
    <div className="space-y-5" data-testid="transcript" data-transcript={hash}>
      <PageHead title={`Record of round ${round}`} actions={back}>
        Run {run}. What stands here is what the coordinator signed; the check below says how much of it holds.
      </PageHead>
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 space-y-5">
          <Summary hash={hash} body={body} />
          <Card title="The check" testId="check-record">
            <div className="space-y-5">
              <p className="text-sm text-muted">
                Made in this page. It came from the same coordinator: for a check that does not rely on it, give the
                evidence file to somebody with Sotto of their own.
              </p>
              <Outcome state={state} />
              <details className="text-sm">
                <summary className="cursor-pointer font-medium">Check again, deeper or with keys of your own</summary>
                <div className="mt-4">
                  <CheckForm
                    key={heldKey}
                    label="Check again"
                    busy={state.kind === 'fetching' || state.kind === 'checking'}
                    heldKey={heldKey}
                    onCheck={(pins, whole) => void start(() => fetchBytes(whole), pins)}
                  />
                </div>
              </details>
            </div>
          </Card>
          {parts.map((part) => (
            <Part key={part.plan.plan.group} part={part} />
          ))}
        </div>
        <div className="min-w-0 space-y-5">
          <DeviceLookup body={body} holds={state.kind === 'done' ? state.result.holds : null} />
          <EvidenceDownload run={run} round={round} />
        </div>
      </div>
    </div>
  );
}

function Summary({ hash, body }: { hash: string; body: TranscriptBody }) {
  const { id } = useTask();
  const plan = roundPlanOf(body);
  const model = (of: string) => (
    <Link className="text-accent underline underline-offset-4" to={`/admin/t/${id}/models/${of}`}>
      <Fingerprint of={of} groups={2} />
    </Link>
  );
  const parts = partsOf(body);
  return (
    <Card title="What it says">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3">
        <Stat name="Contributors">{formatCount(contributorsOf(body).length)}</Stat>
        <Stat name="Sums opened">{formatCount(parts.length)}</Stat>
        <Stat name="Strategy">{body.version === 2 ? body.strategy.name : 'FedAvg'}</Stat>
        {body.version === 2 && (
          <>
            <Stat name="Right before">{formatShare(body.heldOut.before.accuracy)}</Stat>
            <Stat name="Right after">{formatShare(body.heldOut.after.accuracy)}</Stat>
          </>
        )}
        <Stat name="Noise">{plan.noise ? plan.noise.mechanism : 'none'}</Stat>
      </dl>
      <dl className="mt-5 grid gap-x-6 gap-y-2 border-t border-line pt-4 text-sm sm:grid-cols-[auto_1fr]">
        <dt className="text-muted">Record</dt>
        <dd>
          <Fingerprint of={hash} groups={8} />
        </dd>
        <dt className="text-muted">Follows</dt>
        <dd>
          {plan.previous === null ? (
            'nothing: it is the first of its run'
          ) : (
            <Link className="text-accent underline underline-offset-4" to={`/admin/t/${id}/evidence/${plan.previous}`}>
              <Fingerprint of={plan.previous} />
            </Link>
          )}
        </dd>
        <dt className="text-muted">Model</dt>
        <dd>
          from {model(plan.model)} to {model(body.model)}
        </dd>
        <dt className="text-muted">Coordinator</dt>
        <dd>
          <Fingerprint of={plan.coordinator} groups={8} />
        </dd>
        {body.version === 2 && body.unopened.length > 0 && (
          <>
            <dt className="text-muted">Came to no sum</dt>
            <dd>{body.unopened.map(({ group, reason }) => `group ${group} (${reason})`).join(', ')}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}
