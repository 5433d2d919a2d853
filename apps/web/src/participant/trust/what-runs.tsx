import { architectureHash } from '@sotto/protocol/model-file';
import type { TaskView } from '@sotto/protocol/views';
import { useMemo } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatCount, formatExact } from '../../ui/quantity.ts';
import { Fact } from './fact.tsx';
import { FoldingCard } from './folding-card.tsx';
import { PageCode } from './page-code.tsx';

/** Which model and which code, by digests that two people can compare. */
export function WhatRuns({ view: { task, topology, parameters, run } }: { view: TaskView }) {
  const { t } = useTranslation('trust');
  const architecture = useMemo(() => architectureHash(topology), [topology]);
  const last = run?.rounds.findLast((round) => round.kind === 'published');
  const model = last?.model ?? run?.initial.model;
  return (
    <FoldingCard title={t('runs.title')} testId="what-runs">
      <p className="mt-2 text-muted">{t('runs.intro')}</p>
      <dl className="mt-4 space-y-3">
        <Fact name={t('runs.family')}>
          <Trans
            t={t}
            i18nKey="runs.familyText"
            values={{ parameters: formatCount(parameters) }}
            components={{ key: <Fingerprint of={architecture} /> }}
          />
        </Fact>
        <Fact name={t('runs.weights')}>
          {model ? (
            <Trans
              t={t}
              i18nKey="runs.weightsText"
              values={{ round: last ? t('runs.afterRound', { round: last.round }) : t('runs.untrained') }}
              components={{ key: <Fingerprint of={model} /> }}
            />
          ) : (
            t('runs.noModel')
          )}
        </Fact>
        <Fact name={t('runs.limit')}>
          {t('runs.limitText', {
            clip: formatExact(task.privacy.clip),
            examples: formatCount(task.privacy.exampleCap),
          })}
        </Fact>
        <PageCode />
      </dl>
    </FoldingCard>
  );
}
