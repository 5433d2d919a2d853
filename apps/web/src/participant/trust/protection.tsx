import type { ParticipantState } from '@sotto/participant/state';
import { presentTerms, type Terms, termsOfTask } from '@sotto/participant/terms';
import type { Pins } from '@sotto/protocol/invite';
import type { TaskView } from '@sotto/protocol/views';
import { Trans, useTranslation } from 'react-i18next';
import { Card } from '../../ui/card.tsx';
import { DataCard } from './data-card.tsx';
import { Point } from './point.tsx';
import { PrivacyBudget } from './privacy-budget.tsx';
import { describeFurtherLimits, describeProtection } from './protection-wording.ts';
import { TermFacts } from './term-facts.tsx';
import { WhatRuns } from './what-runs.tsx';

interface ProtectionProps {
  view: TaskView;
  pins: Pins;
  participant: ParticipantState | null;
  /** What was agreed to, in this visit or an earlier one. */
  agreement: Terms | null;
}

/** What leaves the device, who could open it, what is not protected, and what exactly runs: said before anybody joins. */
export function Protection({ view, pins, participant, agreement }: ProtectionProps) {
  const { t } = useTranslation('trust');
  const plan = participant?.plan?.plan ?? null;
  const { noise } = presentTerms(agreement, termsOfTask(view, pins));
  const statements = describeProtection(t, pins, plan?.committee ?? null, noise);
  const status = participant?.status ?? view.status;
  return (
    <aside className="grid min-w-0 gap-5" aria-label={t('label')}>
      <Card title={t('leaves.title')}>
        <ul className="space-y-3 text-sm">
          <Point good>{t('leaves.examples')}</Point>
          <Point good>
            <Trans t={t} i18nKey="leaves.sealed" components={{ em: <em /> }} />
          </Point>
          <Point good>{t('leaves.rest')}</Point>
        </ul>
        <details className="mt-3 text-sm" data-testid="sealed-meaning">
          <summary className="py-2 underline underline-offset-4">{t('leaves.what')}</summary>
          <p className="mt-1 text-muted">{t('leaves.meaning')}</p>
          <p className="mt-2 text-muted">{t('leaves.more')}</p>
        </details>
      </Card>
      <Card title={t('open.title')} testId="trust">
        <ul className="space-y-3 text-sm">
          {statements.map(({ good, text }) => (
            <Point key={text} good={good}>
              {text}
            </Point>
          ))}
        </ul>
        <details className="mt-3 text-sm" data-testid="further-limits">
          <summary className="py-2 underline underline-offset-4">{t('further.title')}</summary>
          <ul className="mt-1 space-y-3">
            {describeFurtherLimits(t, noise).map((text) => (
              <Point key={text}>{text}</Point>
            ))}
          </ul>
        </details>
        {status.budget && <PrivacyBudget budget={status.budget} status={status} />}
        <TermFacts view={view} pins={pins} plan={plan} agreement={agreement} device={participant?.device ?? null} />
        <p className="mt-4 border-t border-line pt-4 text-sm">{t('agreed')}</p>
      </Card>
      <WhatRuns view={view} />
      {view.card && <DataCard markdown={view.card} />}
    </aside>
  );
}
