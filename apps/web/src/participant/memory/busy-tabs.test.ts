import { expect, it } from 'vitest';
import { readLocks } from './busy-tabs.ts';

it.each([
  ['nothing', ['sotto/guard', 'sotto/open'], { takePart: false, duty: null }],
  ['a device that takes part', ['sotto/guard', 'sotto/device2/mnist'], { takePart: true, duty: null }],
  [
    'the longest of several duties',
    ['sotto/device/mnist', 'sotto/duty/given/5', 'sotto/device/spam', 'sotto/duty/given/12', 'sotto/duty/given/7'],
    { takePart: true, duty: { place: 'given', until: 12 } },
  ],
  [
    'a place on the committee before one that is only asked for',
    ['sotto/device/mnist', 'sotto/duty/asked/9', 'sotto/device/spam', 'sotto/duty/given/5'],
    { takePart: true, duty: { place: 'given', until: 5 } },
  ],
  [
    'a place that is only asked for',
    ['sotto/device/mnist', 'sotto/duty/asked/9'],
    { takePart: true, duty: { place: 'asked', until: 9 } },
  ],
])('the locks that tabs hold tell of %s', (_, names, expected) => {
  expect(readLocks(names)).toEqual(expected);
});
