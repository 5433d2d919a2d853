import type { RunSummary } from '@sotto/protocol/run';
import { Plot } from './plot.tsx';
import { formatShare } from './quantity.ts';

/** Accuracy and loss on the held-out test data, from the untrained model on. */
export function RunPlot({ run: { initial, rounds, config } }: { run: RunSummary }) {
  const points = [
    { round: 0, testAccuracy: initial.testAccuracy, testLoss: initial.testLoss },
    ...rounds.filter((round) => round.kind === 'published'),
  ];
  return (
    <div className="mt-6">
      <Plot
        label={`Accuracy on test data: ${points.map(({ round, testAccuracy }) => `round ${round} ${formatShare(testAccuracy)}`).join(', ')}.`}
        xName="round"
        rounds={Math.max(config.rounds, points.at(-1)?.round ?? 0)}
        x={points.map(({ round }) => round)}
        series={[
          { name: 'right on test data', values: points.map(({ testAccuracy }) => testAccuracy), scale: 'share' },
          { name: 'loss', values: points.map(({ testLoss }) => testLoss), scale: 'amount' },
        ]}
      />
    </div>
  );
}
