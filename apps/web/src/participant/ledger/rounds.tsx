import type { ParticipantState } from '@sotto/participant/state';
import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural, formatShare } from '../../ui/quantity.ts';
import { RunPlot } from '../../ui/run-plot.tsx';
import { describeAbandonment } from './abandonment.ts';

type Receipts = ParticipantState['receipts'];

/** How the shared model fares on examples nobody learned from, and this device's receipts. */
export function Rounds({ run, receipts }: { run: RunSummary; receipts: Receipts }) {
  if (run.rounds.length === 0) return null;
  const published = run.rounds.filter((round) => round.kind === 'published');
  const last = published.at(-1);
  const bad = receipts.filter(({ problems }) => problems.length > 0);
  return (
    <Card
      title="The shared model"
      aside={`${published.length} of ${formatPlural(run.config.rounds, 'round')}`}
      testId="rounds"
    >
      {last && (
        <>
          <p className="text-muted">
            Gets <strong className="text-ink">{formatShare(last.testAccuracy)}</strong> of the test examples right,
            which nobody learned from.
          </p>
          <RunPlot run={run} />
        </>
      )}
      {bad.map(({ round, transcript, problems }) => (
        <div key={transcript} className="mt-4">
          <Notice tone="bad" title={`The public record of round ${round} does not hold`} testId="bad-receipt">
            {problems.join(' ')} Leave, and tell whoever runs the study.
          </Notice>
        </div>
      ))}
      <table className="mt-5 w-full text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th className="py-2 pr-4 font-medium">Round</th>
            <th className="py-2 pr-4 text-right font-medium">Right</th>
            <th className="py-2 pr-4 text-right font-medium">Updates</th>
            <th className="py-2 font-medium">Yours</th>
          </tr>
        </thead>
        <tbody>
          {run.rounds.toReversed().map((round) => (
            <Row key={round.round} round={round} receipts={receipts} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Row({ round, receipts }: { round: RoundOutcome; receipts: Receipts }) {
  if (round.kind === 'abandoned')
    return (
      <tr className="border-b border-line last:border-0" data-testid="round-row" data-kind="abandoned">
        <td className="py-2 pr-4 align-top">{round.round}</td>
        <td colSpan={3} className="py-2 text-warn">
          Given up. {describeAbandonment(round.reason)}
        </td>
      </tr>
    );
  const receipt = receipts.find(({ transcript }) => transcript === round.transcript);
  return (
    <tr className="border-b border-line last:border-0" data-testid="round-row" data-kind="published">
      <td className="py-2 pr-4">{round.round}</td>
      <td className="whitespace-nowrap py-2 pr-4 text-right">{formatShare(round.testAccuracy)}</td>
      <td className="py-2 pr-4 text-right">{round.contributors}</td>
      <td className="py-2">{receipt ? <Receipt receipt={receipt} /> : <span className="text-muted">–</span>}</td>
    </tr>
  );
}

function Receipt({ receipt: { included, problems, transcript } }: { receipt: Receipts[number] }) {
  if (problems.length > 0) return <span className="text-bad">record does not hold</span>;
  return (
    <span className={included ? 'text-accent' : 'text-muted'} data-testid="receipt" data-included={included}>
      {included ? '✓ in the sum, record verified' : 'not in the sum, record verified'}{' '}
      <span className="hidden text-muted sm:inline">
        <Fingerprint of={transcript} groups={1} />
      </span>
    </span>
  );
}
