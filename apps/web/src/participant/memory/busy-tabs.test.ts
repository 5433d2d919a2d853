import { expect, it } from 'vitest';
import { readLocks } from './busy-tabs.ts';

it.each([
  ['nothing', ['sotto/guard', 'sotto/open'], { takePart: false, dutyUntil: null }],
  ['a device that takes part', ['sotto/guard', 'sotto/device2/mnist'], { takePart: true, dutyUntil: null }],
  [
    'the longest of several duties',
    ['sotto/device/mnist', 'sotto/duty/5', 'sotto/device/spam', 'sotto/duty/12', 'sotto/duty/7'],
    { takePart: true, dutyUntil: 12 },
  ],
])('the locks that tabs hold tell of %s', (_, names, expected) => {
  expect(readLocks(names)).toEqual(expected);
});
