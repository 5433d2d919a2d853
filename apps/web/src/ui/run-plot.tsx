import type { RunSummary } from '@sotto/protocol/run';
import { useTranslation } from 'react-i18next';
import { Plot } from './plot.tsx';
import { formatShare } from './quantity.ts';

/** Accuracy and loss on the held-out test data, from the untrained model on. */
export function RunPlot({ run: { initial, rounds, config } }: { run: RunSummary }) {
  const { t } = useTranslation('shell');
  const points = [
    { round: 0, testAccuracy: initial.testAccuracy, testLoss: initial.testLoss },
    ...rounds.filter((round) => round.kind === 'published'),
  ];
  return (
    <div className="mt-6">
      <Plot
        label={t('plot.label', {
          rounds: points
            .map(({ round, testAccuracy }) => t('plot.point', { round, share: formatShare(testAccuracy) }))
            .join(', '),
        })}
        xName={t('plot.round')}
        rounds={Math.max(config.rounds, points.at(-1)?.round ?? 0)}
        x={points.map(({ round }) => round)}
        series={[
          { name: t('plot.right'), values: points.map(({ testAccuracy }) => testAccuracy), scale: 'share' },
          { name: t('plot.loss'), values: points.map(({ testLoss }) => testLoss), scale: 'amount' },
        ]}
      />
    </div>
  );
}
