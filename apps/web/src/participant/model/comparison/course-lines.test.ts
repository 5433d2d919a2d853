import type { PublishedRound } from '@sotto/protocol/run';
import { expect, it } from 'vitest';
import { courseLines } from './course-lines.ts';

it('the courses of both models lie over common rounds, passes counted as rounds', () => {
  const versions = [
    { round: 1, testAccuracy: 0.6 },
    { round: 3, testAccuracy: 0.8 },
  ] as PublishedRound[];
  const shared = [
    { round: 0, accuracy: 0.1 },
    { round: 3, accuracy: 0.9 },
  ];
  const own = [
    { passes: 0, accuracy: 0.1 },
    { passes: 1, accuracy: 0.3 },
    { passes: 2, accuracy: 0.5 },
  ];
  const initial = { model: 'ab', testAccuracy: 0.2, testLoss: 2 };
  expect(courseLines(shared, own, 2, initial, versions)).toEqual({
    x: [0, 0.5, 1, 3],
    shared: [0.1, null, null, 0.9],
    own: [0.1, 0.3, 0.5, null],
    test: [0.2, null, 0.6, 0.8],
  });
});
