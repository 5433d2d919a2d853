import type { ParticipantState } from '@sotto/participant/state';
import type { RunSummary, Status } from '@sotto/protocol/run';
import { Card } from '../ui/card.tsx';
import { Fingerprint } from '../ui/fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { Plot } from '../ui/plot.tsx';
import { formatPlural, formatShare } from '../ui/quantity.ts';
import { describeAbandonment } from './abandonment.ts';

interface RoundsProps {
  history: Status['history'];
  rounds: number;
  initial: RunSummary['initial'] | null;
  participant: ParticipantState | null;
}

/** How the shared model fares on examples nobody learned from, and this device's receipts. */
export function Rounds({ history, rounds, initial, participant }: RoundsProps) {
  const receipts = new Map(participant?.receipts.map((receipt) => [receipt.round, receipt]));
  const abandoned = participant?.outcomes.filter((outcome) => outcome.kind === 'abandoned') ?? [];
  const last = history.at(-1);
  if (!last && abandoned.length === 0) return null;
  const start = initial ? [{ round: 0, accuracy: initial.testAccuracy, loss: initial.testLoss }] : [];
  const points = [...start, ...history];
  return (
    <Card title="The shared model" aside={`${history.length} of ${formatPlural(rounds, 'round')}`} testId="rounds">
      {last && (
        <>
          <p className="mb-4 text-muted">
            Reads <strong className="text-ink">{formatShare(last.accuracy)}</strong> of the test examples right, which
            nobody learned from.
          </p>
          <Plot
            label={`The shared model over the rounds: ${points.map(({ round, accuracy }) => `round ${round} ${formatShare(accuracy)}`).join(', ')}.`}
            xName="round"
            whole
            x={points.map(({ round }) => round)}
            series={[
              { name: 'right on the test examples', values: points.map(({ accuracy }) => accuracy), scale: 'share' },
              { name: 'loss', values: points.map(({ loss }) => loss), scale: 'amount' },
            ]}
          />
          <div className="mt-5 overflow-x-auto">
            <table className="w-full text-left text-sm">
              <thead className="text-muted">
                <tr className="border-b border-line">
                  <th className="py-2 pr-4 font-medium">Round</th>
                  <th className="py-2 pr-4 text-right font-medium">Right</th>
                  <th className="py-2 pr-4 text-right font-medium">Updates</th>
                  <th className="py-2 font-medium">Yours</th>
                </tr>
              </thead>
              <tbody>
                {history.map(({ round, accuracy, contributors }) => {
                  const receipt = receipts.get(round);
                  return (
                    <tr key={round} className="border-b border-line last:border-0" data-testid="round-row">
                      <td className="py-2 pr-4">{round}</td>
                      <td className="py-2 pr-4 text-right">{formatShare(accuracy)}</td>
                      <td className="py-2 pr-4 text-right">{contributors}</td>
                      <td className="py-2">
                        {!receipt ? (
                          <span className="text-muted">–</span>
                        ) : receipt.problems.length > 0 ? (
                          <span className="text-bad">record does not hold</span>
                        ) : receipt.included ? (
                          <span className="text-accent">
                            in the sum, checked <Fingerprint of={receipt.transcript} groups={1} />
                          </span>
                        ) : (
                          <span className="text-muted">not in the sum, record checked</span>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
      <div className="mt-4 space-y-3 empty:hidden">
        {[...receipts.values()]
          .filter(({ problems }) => problems.length > 0)
          .map(({ round, problems }) => (
            <Notice
              key={round}
              tone="bad"
              title={`The public record of round ${round} does not hold`}
              testId="bad-receipt"
            >
              {problems.join(' ')} Leave, and tell whoever runs the study.
            </Notice>
          ))}
        {abandoned.map((outcome) => (
          <Notice key={outcome.round} tone="warn" title={`Round ${outcome.round} was given up`}>
            {describeAbandonment(outcome.reason)}
          </Notice>
        ))}
      </div>
    </Card>
  );
}
