import type { Status } from '@sotto/protocol/run';
import { useTranslation } from 'react-i18next';
import type { OwnCheck } from '../../session/learning-points.ts';
import { Plot } from '../../ui/plot.tsx';
import { formatShare } from '../../ui/quantity.ts';

interface OwnChecksProps {
  checks: readonly OwnCheck[];
  /** How many examples are kept aside. */
  aside: number;
  status: Pick<Status, 'history' | 'rounds'>;
}

/** How the shared model gets on over the rounds: on own examples that nothing is learned from, beside what the study publishes. */
export function OwnChecks({ checks, aside, status: { history, rounds } }: OwnChecksProps) {
  const { t } = useTranslation('learning');
  const x = Array.from({ length: 1 + Math.max(0, ...[...checks, ...history].map(({ round }) => round)) }, (_, i) => i);
  const at = (list: readonly OwnCheck[]) => x.map((round) => list.find((one) => one.round === round)?.accuracy ?? null);
  const own = checks
    .map(({ round, accuracy }) => t('rounds.point', { round, share: formatShare(accuracy, aside) }))
    .join(', ');
  return (
    <div className="mt-6 border-t border-line pt-5" data-testid="own-checks">
      <h3 className="font-semibold">{t('rounds.title')}</h3>
      <p className="mt-1 mb-3 text-sm text-muted">{t('rounds.hint', { count: aside })}</p>
      <Plot
        label={t('rounds.label', { own })}
        xName={t('rounds.x')}
        rounds={Math.max(rounds, x.length - 1)}
        height={150}
        x={x}
        series={[
          { name: t('rounds.own'), values: at(checks), scale: 'share' },
          { name: t('rounds.study'), values: at(history), scale: 'share', tone: 'muted', dashed: true },
        ]}
      />
    </div>
  );
}
