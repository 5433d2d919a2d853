import type { Column, TaskInput } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { stillFit } from './examples-fit.ts';

const AGE: Column = { type: 'number', name: 'age', mean: 50, deviation: 10, missing: 'refuse' };
const WARD: Column = { type: 'category', name: 'ward', values: ['a', 'b'], missing: 'refuse' };
const input = (...columns: Column[]): TaskInput => ({ shape: [3], columns });
const TASK = { classes: ['ill', 'well'], input: input(AGE, WARD) };

describe('examples that were brought before', () => {
  it.each([
    ['nothing changed', TASK],
    ['a class is called otherwise', { ...TASK, classes: ['sick', 'well'] }],
    ['a class was added', { ...TASK, classes: ['ill', 'well', 'unknown'] }],
    ['a column has a unit and a bound', { ...TASK, input: input({ ...AGE, unit: 'years', range: [0, 120] }, WARD) }],
  ])('still fit where %s', (_, now) => {
    expect(stillFit(TASK, now)).toBe(true);
  });

  it.each([
    ['classes changed places', { ...TASK, classes: ['well', 'ill'] }],
    ['a class is gone', { ...TASK, classes: ['ill'] }],
    ['another mean is taken away', { ...TASK, input: input({ ...AGE, mean: 51 }, WARD) }],
    ['values changed places', { ...TASK, input: input(AGE, { ...WARD, values: ['b', 'a'] }) }],
    ['columns changed places', { ...TASK, input: input(WARD, AGE) }],
    ['the shape is another', { ...TASK, input: { ...TASK.input, shape: [3, 1] } }],
  ])('do not where %s', (_, now) => {
    expect(stillFit(TASK, now)).toBe(false);
  });
});
