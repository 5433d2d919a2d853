import type { AbandonReason } from '@sotto/fl-core/round/round';
import { adviseOn } from '@sotto/protocol/admin/abandonment';
import { expect, test } from 'vitest';
import { MOST_TRIES, whyGiveUp } from '../src/rounds/tries.ts';

const abandoned = (reason: string) => ({ kind: 'abandoned', reason }) as const;
const times = (reason: string) => Array.from({ length: MOST_TRIES }, () => abandoned(reason));

/** What the advice on each reason must speak of. A reason without is a type error. */
const ABOUT: Readonly<Record<Exclude<AbandonReason, 'paused' | 'stopped'>, RegExp>> = {
  too_few_members: /stay connected/,
  planned_too_late: /log and its load/,
  too_few_updates: /durations\.uploadMs/,
  too_few_answers: /stay connected.*durations\.checkMs/,
  too_many_bad_shares: /revoke/,
  too_few_contributors: /cohort\.least/,
  too_few_votes: /stay connected.*durations\.voteMs/,
  too_few_openings: /stay connected.*durations\.openMs/,
  sum_not_openable: /revoke/,
  impossible_sum: /groups\.count/,
  too_few_groups: /groups\.least/,
  made_worse: /learning rate.*strategy\.server_learning_rate.*clip.*robust\.rule.*guard\.mostDrop/,
};

test.each(Object.entries(ABOUT))(
  'a run that gives up says what to do about why its rounds failed: %s',
  (reason, about) => {
    const why = whyGiveUp(times(reason))!;
    expect(why).toContain(`5 rounds in a row were abandoned (${reason.replaceAll('_', ' ')}). `);
    expect(why).toMatch(about);
    expect(why).toContain(adviseOn(reason).remedy);
    expect(why).toMatch(/ Then resume the run, .*\.$/);
  },
);

test('a model that got worse is not blamed on devices that left', () => {
  expect(whyGiveUp(times('made_worse'))).not.toMatch(/connected|durations/);
});

test('of several reasons each is advised on, and the same advice is given once', () => {
  const [first, ...others] = times('made_worse');
  const why = whyGiveUp([abandoned('too_many_bad_shares'), ...others])!;
  expect(why).toContain('(too many bad shares, made worse)');
  expect(why).toMatch(/revoke.*guard\.mostDrop/);
  expect(whyGiveUp([first!, ...others])!.match(/guard\.mostDrop/g)).toHaveLength(1);
});

test('a person’s decisions tell of no more than what they are', () => {
  for (const reason of ['paused', 'stopped']) expect(adviseOn(reason).remedy).toBeNull();
  expect(whyGiveUp([...times('too_few_updates').slice(1), abandoned('paused')])).toBeNull();
});
