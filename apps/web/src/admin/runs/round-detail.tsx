import { describeProgress } from '@sotto/protocol/admin/abandonment';
import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { DeviceStates } from './device-states.tsx';
import { PhaseTimeline } from './phase-timeline.tsx';
import { roundQuery } from './queries.ts';
import { Refusals } from './refusals.tsx';

const LINK = 'text-accent underline underline-offset-4';

/** A round that is over: its phases, its devices, what was refused, and its files. */
export function RoundDetail({ run, round }: { run: RunSummary; round: RoundOutcome }) {
  const query = useQuery(roundQuery(run.run, round.round));
  const name = `${run.run}-round-${round.round}`;
  if (query.error) return <FailedRequest error={query.error} query={query} />;
  if (!query.data) return <p className="text-muted">Being looked up …</p>;
  const { data: view } = query;
  return (
    <div className="space-y-5 rounded-xl bg-sunken p-4" data-testid="round-detail">
      <div>
        <p className="text-muted">Began {formatDate(view.startedAt)}.</p>
        {round.kind === 'abandoned' && <p className="mt-1">{describeProgress(view)}</p>}
        <PhaseTimeline phase="publishing" round={view} now={view.endedAt ?? 0} />
      </div>
      <DeviceStates devices={view.devices} />
      {view.facts ? (
        <Refusals facts={view.facts} />
      ) : (
        <p className="text-muted">
          What was received and refused is not known: the coordinator was restarted in this round.
        </p>
      )}
      {round.kind === 'published' && (
        <p className="flex flex-wrap gap-x-5">
          <a
            className={LINK}
            href={`/api/models/${round.model}`}
            download={`${name}.safetensors`}
            aria-label={`Model of round ${round.round}`}
          >
            model
          </a>
          <a
            className={LINK}
            href={`/api/transcripts/${round.transcript}`}
            download={`${name}.transcript.json`}
            aria-label={`Transcript of round ${round.round}`}
          >
            transcript
          </a>
          <Link
            className={LINK}
            to={`/admin/t/${run.task}/evidence/${round.transcript}`}
            aria-label={`Evidence of round ${round.round}, checked`}
          >
            evidence
          </Link>
        </p>
      )}
    </div>
  );
}
