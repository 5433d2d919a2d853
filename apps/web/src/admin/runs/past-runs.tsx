import type { RunSummary } from '@sotto/protocol/run';
import { Card } from '../../ui/card.tsx';
import { formatDate, formatPlural, formatShare } from '../../ui/quantity.ts';
import { RunRounds } from './run-rounds.tsx';

export function PastRuns({ runs }: { runs: readonly RunSummary[] }) {
  if (runs.length === 0) return null;
  return (
    <Card title="Earlier runs">
      <ul className="divide-y divide-line">
        {runs
          .toSorted((a, b) => b.startedAt - a.startedAt)
          .map((run) => {
            const published = run.rounds.filter((round) => round.kind === 'published');
            return (
              <li key={run.run} className="py-3 first:pt-0 last:pb-0">
                <details>
                  <summary className="text-sm">
                    {formatDate(run.startedAt)}, {run.state}, {formatPlural(published.length, 'round')}
                    {published.length > 0 && `, ${formatShare(published.at(-1)!.testAccuracy)} right`}
                  </summary>
                  <RunRounds run={run} />
                </details>
              </li>
            );
          })}
      </ul>
    </Card>
  );
}
