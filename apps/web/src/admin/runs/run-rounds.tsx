import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import { useTranslation } from 'react-i18next';
import { describeAbandonment } from '../../participant/ledger/abandonment.ts';
import { formatBytes, formatDuration, formatPlural, formatShare, formatSpent } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { describeLeftOut } from './run-wording.ts';

/** Every round, published or given up, the latest first. */
export function RunRounds({ run }: { run: RunSummary }) {
  return (
    <ScrollRegion label="Rounds" className="mt-6">
      <table className="w-full min-w-[36rem] text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th className="py-2 pr-4 font-medium">Round</th>
            <th className="py-2 pr-4 text-right font-medium">Right</th>
            <th className="py-2 pr-4 text-right font-medium">Loss</th>
            <th className="py-2 pr-4 text-right font-medium">Updates</th>
            <th className="py-2 pr-4 text-right font-medium">Sent by each</th>
            {run.config.dp && <th className="py-2 pr-4 text-right font-medium">ε spent</th>}
            <th className="py-2 pr-4 text-right font-medium">Took</th>
            <th className="py-2 font-medium">Files</th>
          </tr>
        </thead>
        <tbody>
          {run.rounds.toReversed().map((round) => (
            <Row
              key={round.round}
              round={round}
              isNoisy={run.config.dp !== null}
              name={`${run.run}-round-${round.round}`}
            />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Row({ round, isNoisy, name }: { round: RoundOutcome; isNoisy: boolean; name: string }) {
  const { t } = useTranslation('ledger');
  const took = formatDuration(round.endedAt - round.startedAt);
  const spent = isNoisy && (
    <td className="py-2 pr-4 text-right align-top tabular-nums">
      {round.epsilon === undefined ? '–' : formatSpent(round.epsilon)}
    </td>
  );
  const leftOut = round.groups && describeLeftOut(t, round.groups);
  if (round.kind === 'abandoned')
    return (
      <tr className="border-b border-line last:border-0" data-testid="round-row" data-kind="abandoned">
        <td className="py-2 pr-4 align-top">{round.round}</td>
        <td colSpan={4} className="py-2 pr-4 text-warn">
          Given up. {describeAbandonment(t, round.reason)}
          {leftOut && <p className="mt-1 text-muted">{leftOut}</p>}
        </td>
        {spent}
        <td className="py-2 pr-4 text-right align-top">{took}</td>
        <td />
      </tr>
    );
  return (
    <>
      <tr className={leftOut ? '' : 'border-b border-line last:border-0'} data-testid="round-row" data-kind="published">
        <td className="py-2 pr-4">{round.round}</td>
        <td className="py-2 pr-4 text-right">{formatShare(round.testAccuracy)}</td>
        <td className="py-2 pr-4 text-right">{round.testLoss.toFixed(3)}</td>
        <td className="py-2 pr-4 text-right">
          {round.contributors}
          {round.groups && <p className="text-muted">in {formatPlural(round.groups.length, 'group')}</p>}
        </td>
        <td className="py-2 pr-4 text-right">{formatBytes(round.uploadBytes)}</td>
        {spent}
        <td
          className="py-2 pr-4 text-right"
          title={Object.entries(round.phases)
            .map(([phase, ms]) => `${phase} ${formatDuration(ms)}`)
            .join(', ')}
        >
          {took}
        </td>
        <td className="space-x-3 whitespace-nowrap py-2">
          <a
            className="text-accent underline underline-offset-4"
            href={`/api/models/${round.model}`}
            download={`${name}.safetensors`}
            aria-label={`Model of round ${round.round}`}
          >
            model
          </a>
          <a
            className="text-accent underline underline-offset-4"
            href={`/api/transcripts/${round.transcript}`}
            download={`${name}.transcript.json`}
            aria-label={`Transcript of round ${round.round}`}
          >
            transcript
          </a>
        </td>
      </tr>
      {leftOut && (
        <tr className="border-b border-line last:border-0" data-testid="left-out">
          <td />
          <td colSpan={isNoisy ? 7 : 6} className="pr-4 pb-2 text-muted">
            {leftOut}
          </td>
        </tr>
      )}
    </>
  );
}
