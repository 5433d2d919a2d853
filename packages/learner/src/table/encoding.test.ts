import type { Column } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { type Cell, decodeRow, encodeRow } from './encoding.ts';

const AGE: Column = { type: 'number', name: 'age', mean: 40, deviation: 10, range: [0, 120], missing: 'refuse' };
const SIZE: Column = { type: 'number', name: 'size', mean: 3, deviation: 2, missing: 'fill' };
const GRADE: Column = { type: 'category', name: 'grade', values: ['low', 'NA', 'high'], missing: 'refuse' };
const SIDE: Column = { type: 'category', name: 'side', values: ['left', 'right'], missing: 'fill' };
const COLUMNS = [AGE, SIZE, GRADE, SIDE];

function encode(...cells: Cell[]) {
  const into = new Float32Array(10).fill(9);
  const fault = encodeRow(COLUMNS, cells, into, 1);
  return fault ?? [...into];
}

describe('a row', () => {
  it('becomes one input for a number, one for each value of a category, at the place asked for', () => {
    expect(encode('50', 5, 'high', ' right ')).toEqual([9, 1, 1, 0, 0, 1, 0, 1, 9, 9]);
  });

  it('goes on without a value where the task says so: the mean, or no category', () => {
    const filled = [9, 1, 0, 1, 0, 0, 0, 0, 9, 9];
    expect(encode('50', '', 'low', '?')).toEqual(filled);
    expect(encode('50', null, 'low', null)).toEqual(filled);
    expect(encode('50', 'NaN', 'low', null)).toEqual(filled);
    expect(encode('50', Number.NaN, 'low', null)).toEqual(filled);
  });

  it('takes what the task lists for a value even where others mean none by it', () => {
    expect(encode('50', 3, 'NA', 'left')).toEqual([9, 1, 0, 0, 1, 0, 1, 0, 9, 9]);
  });

  it('comes back in its own units and words', () => {
    const cells = [50, 5, 'high', null];
    const into = new Float32Array(10);
    encodeRow(COLUMNS, cells, into, 1);
    expect(decodeRow(COLUMNS, into, 1)).toEqual(cells);
  });

  it.each<[string, Cell[], object]>([
    ['a missing number', ['', 1, 'low', 'left'], { code: 'value_missing', values: { column: 'age' } }],
    ['a missing category', ['50', 1, null, 'left'], { code: 'value_missing', values: { column: 'grade' } }],
    ['NaN', [Number.NaN, 1, 'low', 'left'], { code: 'not_finite', values: { column: 'age', value: 'NaN' } }],
    [
      'infinity',
      [50, Number.POSITIVE_INFINITY, 'low', 'left'],
      { code: 'not_finite', values: { column: 'size', value: 'Infinity' } },
    ],
    [
      'a number too large to compute with',
      [50, 1e300, 'low', 'left'],
      { code: 'not_finite', values: { column: 'size', value: '1e+300' } },
    ],
    [
      'one that cannot be',
      ['121', 1, 'low', 'left'],
      { code: 'out_of_range', values: { column: 'age', value: 121, least: 0, most: 120 } },
    ],
    [
      'another category',
      ['50', 1, 'Low', 'left'],
      { code: 'unknown_category', values: { column: 'grade', value: 'Low', values: 'low, NA, high' } },
    ],
  ])('is refused with %s, naming the column', (_, cells, fault) => {
    expect(encode(...cells)).toEqual(fault);
  });
});
