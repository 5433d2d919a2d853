import type { AbandonReason } from '@sotto/fl-core/round/round';

const REASONS: Record<AbandonReason, string> = {
  too_few_members: 'Too few devices were there to form a committee. It is tried again when more have joined.',
  planned_too_late: 'The coordinator was away while it planned the round. The next round starts anew.',
  too_few_updates: 'Too few devices sent an update in time. The next round starts anew.',
  too_few_answers:
    'Too many committee members were gone before the sealed updates were checked. The next round starts anew.',
  too_many_bad_shares:
    'Too many devices sent key shares that do not fit together. The next round mixes the devices differently.',
  too_few_contributors:
    'After the check too few good updates were left: opening so small a sum would say too much about each.',
  too_few_votes: 'Too few committee members agreed on whose updates count. The next round starts anew.',
  too_few_openings: 'Too few committee members helped to open the sum. The next round starts anew.',
  sum_not_openable: 'The sum could not be opened with what the committee sent. The next round starts anew.',
  impossible_sum: 'The opened sum was impossible, so it was thrown away: some device did not follow the rules.',
  paused: 'The run was paused by whoever runs the study.',
  stopped: 'The run was stopped by whoever runs the study.',
};

/** Why a round was given up, for people. */
export function describeAbandonment(reason: string): string {
  return reason in REASONS ? REASONS[reason as AbandonReason] : `The coordinator gave it up (${reason}).`;
}
