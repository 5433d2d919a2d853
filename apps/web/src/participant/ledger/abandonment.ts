import type { AbandonReason } from '@sotto/fl-core/round/round';
import type english from '../../words/en/index.ts';
import type { Words } from '../../words/words.ts';

type Reason = Exclude<keyof typeof english.ledger.reasons, 'other'>;

/** A reason without a text is a type error. */
const KNOWN: Readonly<Record<AbandonReason, Reason>> = {
  too_few_members: 'too_few_members',
  planned_too_late: 'planned_too_late',
  too_few_updates: 'too_few_updates',
  too_few_answers: 'too_few_answers',
  too_many_bad_shares: 'too_many_bad_shares',
  too_few_contributors: 'too_few_contributors',
  too_few_votes: 'too_few_votes',
  too_few_openings: 'too_few_openings',
  sum_not_openable: 'sum_not_openable',
  impossible_sum: 'impossible_sum',
  too_few_groups: 'too_few_groups',
  made_worse: 'made_worse',
  paused: 'paused',
  stopped: 'stopped',
};

/** Why a round was given up, for people. */
export function describeAbandonment(t: Words<'ledger'>, reason: string): string {
  return Object.hasOwn(KNOWN, reason) ? t(`reasons.${KNOWN[reason as AbandonReason]}`) : t('reasons.other', { reason });
}
