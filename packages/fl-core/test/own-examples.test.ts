import type { Encoding } from '@sotto/protocol/plan';
import { expect, it } from 'vitest';
import { ownExamples } from '../src/own-examples.ts';

const METADATA: Encoding['metadata'] = [
  { name: 'examples', bound: 100 },
  { name: 'correct', bound: 100 },
  { name: 'lossMilli', bound: 2_000_000 },
];
/** Two contributors. */
const opened = (sums: readonly number[], metadata = METADATA) => ({
  encoding: { metadata } as Encoding,
  contributors: 2,
  metadata: sums,
});

it('gives accuracy and mean loss in nats over the examples of all groups', () => {
  expect(ownExamples([opened([10, 5, 5000]), opened([30, 25, 15_000])])).toEqual({
    trainAccuracy: 0.75,
    trainLoss: 0.5,
  });
});

it('gives none where nothing was counted: under noise, without examples, and by plans of old without a loss', () => {
  const none = { trainAccuracy: null, trainLoss: null };
  expect(ownExamples([opened([], [])])).toEqual(none);
  expect(ownExamples([opened([0, 0, 0])])).toEqual(none);
  expect(ownExamples([opened([10, 5], METADATA.slice(0, 2))])).toEqual({ trainAccuracy: 0.5, trainLoss: null });
});

it.each([
  ['more correct answers than examples', [10, 11, 5000], { trainAccuracy: null, trainLoss: 0.5 }],
  ['fewer correct answers than none', [10, -1, 5000], { trainAccuracy: null, trainLoss: 0.5 }],
  ['less loss than none', [10, 10, -1], { trainAccuracy: 1, trainLoss: null }],
  ['more loss than two contributors may add', [10, 0, 4_000_001], { trainAccuracy: 0, trainLoss: null }],
])('gives no number that cannot be: %s', (_, sums, expected) => {
  expect(ownExamples([opened(sums)])).toEqual(expected);
});
