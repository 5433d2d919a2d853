import { OPEN_PINS } from '@sotto/protocol/invite';
import { expect, it } from 'vitest';
import { pinsOf } from './trust.ts';

const KEY = 'ab'.repeat(32);

it('takes a study key or a whole link, and nothing for nothing', () => {
  expect(pinsOf('  ')).toEqual(OPEN_PINS);
  expect(pinsOf(` ${KEY.toUpperCase()}\n`)).toEqual({ ...OPEN_PINS, studyKey: KEY });
  expect(pinsOf(`https://learn.example.org/t/mnist#study=${KEY}&committee=5`)).toEqual({
    ...OPEN_PINS,
    studyKey: KEY,
    leastCommittee: 5,
  });
});

it('says what is wrong with anything else', () => {
  expect(pinsOf('my key')).toContain('64 hexadecimal digits');
  expect(pinsOf('https://x/t/y#colour=blue')).toContain('damaged near “colour”');
});
