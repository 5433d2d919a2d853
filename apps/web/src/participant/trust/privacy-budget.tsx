import type { Budget } from '@sotto/protocol/budget';
import type { Status } from '@sotto/protocol/run';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatExact, formatSpent } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';
import { isOver } from '../learning/moment.ts';

interface PrivacyBudgetProps {
  budget: Budget;
  status: Pick<Status, 'state'>;
}

/** What the run may make known of each device, how much of it has been, and what is left. */
export function PrivacyBudget({ budget, status }: PrivacyBudgetProps) {
  const { t } = useTranslation('trust');
  const { epsilon, spent } = budget;
  const soFar =
    epsilon === null
      ? t('budget.spentUnlimited', { spent: formatSpent(spent) })
      : t('budget.spent', { spent: formatSpent(spent), epsilon: formatExact(epsilon) });
  return (
    <section
      className="mt-4 border-t border-line pt-4 text-sm"
      data-testid="privacy-budget"
      data-spent={spent}
      data-left={budget.roundsLeft ?? ''}
      aria-label={t('budget.title')}
    >
      <p className="text-muted">{t('budget.title')}</p>
      <p className="mt-0.5 font-medium tabular-nums">{soFar}</p>
      {epsilon !== null && (
        <div className="mt-2">
          <ProgressBar label={t('budget.title')} value={Math.min(1, spent / epsilon)} text={soFar} />
        </div>
      )}
      <p className="mt-2">{describeRest(t, budget, status)}</p>
      <p className="mt-2 text-muted">{t('budget.promise')}</p>
    </section>
  );
}

function describeRest(t: Words<'trust'>, { roundsLeft, atEnd }: Budget, status: Pick<Status, 'state'>): string {
  if (roundsLeft === 0) return t('budget.none');
  if (isOver(status)) return t('budget.over');
  return roundsLeft === null
    ? t('budget.atEnd', { epsilon: formatSpent(atEnd) })
    : t('budget.left', { count: roundsLeft });
}
