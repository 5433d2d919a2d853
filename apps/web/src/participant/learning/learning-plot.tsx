import { useTranslation } from 'react-i18next';
import type { LearningPoint } from '../../session/learning-points.ts';
import { Plot } from '../../ui/plot.tsx';
import { formatDecimal, formatShare } from '../../ui/quantity.ts';

/** Loss and accuracy within the round, as it is learned. */
export function LearningPlot({ points }: { points: readonly LearningPoint[] }) {
  const { t } = useTranslation('learning');
  const last = points.at(-1);
  const checked = points.findLast((point) => point.checked !== null)?.checked ?? null;
  const label = t('plot.label', { loss: formatDecimal(last?.loss ?? 0, 2), share: formatShare(last?.accuracy ?? 0) });
  return (
    <div className="mt-6" data-testid="learning-plot">
      <Plot
        label={checked === null ? label : t('plot.labelChecked', { label, checked: formatShare(checked) })}
        xName={t('plot.x')}
        x={points.map(({ epoch }) => epoch)}
        series={[
          { name: t('plot.right'), values: points.map(({ accuracy }) => accuracy), scale: 'share' },
          ...(checked === null
            ? []
            : [
                {
                  name: t('plot.checked'),
                  values: points.map((point) => point.checked),
                  scale: 'share' as const,
                  dashed: true,
                },
              ]),
          { name: t('plot.loss'), values: points.map(({ loss }) => loss), scale: 'amount' },
        ]}
      />
    </div>
  );
}
