import { expect, it } from 'vitest';
import { classBalance } from './class-balance.ts';

const labels = (...counts: number[]) => Int32Array.from(counts.flatMap((count, label) => Array(count).fill(label)));

it.each([
  ['even', [20, 20], { empty: [], few: [], uneven: null }],
  ['nine to one', [45, 5], { empty: [], few: [], uneven: null }],
  ['ten to one', [5, 50], { empty: [], few: [], uneven: { most: 1, least: 0 } }],
  ['a class without examples', [20, 0, 20], { empty: [1], few: [], uneven: null }],
  ['a class with too few to keep any aside', [20, 4], { empty: [], few: [1], uneven: null }],
  ['nothing', [0, 0], { empty: [0, 1], few: [], uneven: null }],
])('classes are told to be %s', (_, counts, expected) => {
  expect(classBalance(labels(...counts), counts.length)).toEqual({ counts, ...expected });
});
