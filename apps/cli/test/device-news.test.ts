import { INITIAL_STATE, type ParticipantState } from '@sotto/participant/state';
import { expect, it } from 'vitest';
import { newsBetween } from '../src/device-news.ts';

const tell = (before: Partial<ParticipantState>, now: Partial<ParticipantState>): string[] => [
  ...newsBetween({ ...INITIAL_STATE, ...before }, { ...INITIAL_STATE, ...now }),
];

it('a committee seat that is only asked for is not called duty, and each step of it is told once', () => {
  const asked = { seat: 'asked', dutyUntil: 5 } as const;
  const seated = { seat: 'seated', dutyUntil: 5 } as const;
  const served = { seat: 'served', dutyUntil: null } as const;
  expect(tell({}, asked)).toEqual(['may be needed on the committee']);
  expect(tell(asked, { ...asked, dutyUntil: 6 })).toEqual([]);
  expect(tell(asked, seated)).toEqual(['on committee duty']);
  expect(tell(seated, served)).toEqual(['committee duty is over']);
  expect(tell(served, {})).toEqual([]);
});

it('what became of its update is told once a receipt is there, and of a group that was left out why', () => {
  const receiptOf = (part: 'included' | 'left-out' | 'late', problems: string[] = []) => ({
    receipts: [{ round: 2, transcript: '', contributors: 9, included: part === 'included', part, problems }],
  });
  expect(tell({}, receiptOf('included'))).toEqual(['round 2: this device’s update is in the sum']);
  expect(tell({}, receiptOf('late'))).toEqual(['round 2: this device’s update is not in the sum']);
  expect(tell({}, receiptOf('left-out', ['forged']))).toEqual([
    'round 2: this device’s group was left out, as it would have made the model worse',
    'round 2: the transcript is wrong: forged',
  ]);
});

it('noise is told of once, with what the whole run may cost, and after each round what is spent', () => {
  const planOf = (noise: object | null) => ({ hash: '', plan: { noise } }) as unknown as ParticipantState['plan'];
  const noise = { epsilon: 2, delta: 1e-5, contributors: 10 };
  expect(tell({}, { plan: planOf(noise) })).toEqual([
    'adds noise: ε = 2 at most for the whole run, δ = 0.00001, counting on 10 honest contributors in each sum',
  ]);
  expect(tell({ plan: planOf(noise) }, { plan: planOf(noise) })).toEqual([]);
  expect(tell({}, { plan: planOf({ ...noise, epsilon: null }) })[0]).toContain('no limit for the whole run');
  expect(tell({}, { plan: planOf(null) })).toEqual([]);
  const ended = { kind: 'abandoned', round: 3, reason: 'made_worse', startedAt: 0, endedAt: 1 } as const;
  expect(tell({}, { outcomes: [{ ...ended, epsilon: 0.41234 }] })).toEqual([
    'round 3 abandoned: made worse, ε = 0.412 spent',
  ]);
  expect(tell({}, { outcomes: [ended] })).toEqual(['round 3 abandoned: made worse']);
});
