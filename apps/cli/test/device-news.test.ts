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
