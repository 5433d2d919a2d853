import type { RoundTaken } from '@sotto/participant/history';
import { expect, it } from 'vitest';
import { groupRounds, shortRun } from './round-groups.ts';

const taken = (run: string, round: number) => ({ run, round }) as RoundTaken;

it('rounds of one number of two runs stand under their runs, all the latest first', () => {
  const groups = groupRounds([taken('spam-aa', 1), taken('spam-aa', 2), taken('spam-bb', 1)]);
  expect(groups.map(({ run, rounds }) => [run, rounds.map(({ round }) => round)])).toEqual([
    ['spam-bb', [1]],
    ['spam-aa', [2, 1]],
  ]);
  expect(groupRounds([])).toEqual([]);
});

it('a run is called by what tells it from the task’s others', () => {
  expect(shortRun('breast-cancer-1a2b3c4d')).toBe('1a2b3c4d');
});
