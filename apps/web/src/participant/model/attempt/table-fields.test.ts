import type { Column } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import type { Words } from '../../../words/words.ts';
import { averageFields, encodeFields, faultOf, fieldsOf, groupFields, markOf, writeNumber } from './table-fields.ts';

const AGE: Column = { type: 'number', name: 'age', mean: 40, deviation: 10, range: [0, 120], missing: 'refuse' };
const DOSE: Column = { type: 'number', name: 'dose', mean: 0.5, deviation: 0.25, missing: 'fill' };
const BLOOD: Column = { type: 'category', name: 'blood', values: ['A', 'B', 'AB', '0'], missing: 'fill' };
const COLUMNS = [AGE, DOSE, BLOOD];
const t = ((key: string, values: object) => `${key} ${JSON.stringify(values)}`) as unknown as Words<'model'>;

describe('a form’s fields', () => {
  it('become what the model takes, and an example becomes fields', () => {
    const inputs = encodeFields(COLUMNS, ['50', '0.25', 'AB'], 'point')!;
    expect([...inputs]).toEqual([1, -1, 0, 0, 1, 0]);
    const dataset = {
      inputs: Float32Array.from([...inputs, ...inputs]),
      shape: [6],
      scale: 1,
      labels: Int32Array.of(0, 1),
    };
    expect(fieldsOf(COLUMNS, dataset, 1, 'point')).toEqual(['50', '0.25', 'AB']);
  });

  it('may be left out where the task allows it, and only there', () => {
    expect([...encodeFields(COLUMNS, ['40', '', ''], 'point')!]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(encodeFields(COLUMNS, ['', '0.5', 'A'], 'point')).toBeNull();
  });

  it('take decimals as the person writes them, and as programs do, but not what may mean two things', () => {
    expect(markOf('de')).toBe('comma');
    expect(markOf('en-GB')).toBe('point');
    for (const [field, mark] of [
      ['0,25', 'comma'],
      ['0.25', 'comma'],
      ['0,25', 'point'],
      ['.25', 'point'],
    ] as const)
      expect(encodeFields([DOSE], [field], mark)?.[0]).toBe(-1);
    expect(encodeFields([DOSE], ['1,125'], 'comma')?.[0]).toBe(2.5);
    expect(encodeFields([DOSE], ['1.125'], 'comma')).toBeNull();
    expect(encodeFields([DOSE], ['1,125'], 'point')).toBeNull();
  });

  it.each([
    ['', 'value_missing'],
    ['old', 'not_a_number'],
    ['1,234', 'thousands'],
    ['200', 'out_of_range {"least":"0","most":"120"}'],
  ])('say what is wrong with “%s”', (field, expected) => {
    expect(faultOf(t, AGE, field, 'point')).toContain(`faults.${expected}`);
  });

  it('say nothing where nothing is wrong', () => {
    expect(faultOf(t, AGE, '41', 'point')).toBeUndefined();
    expect(faultOf(t, DOSE, '', 'point')).toBeUndefined();
  });

  it('begin with the means, in the person’s own numbers', () => {
    expect(averageFields(COLUMNS, 'comma')).toEqual(['40', '0,5', 'A']);
    expect(writeNumber(14.198000431060791, 'comma')).toBe('14,198');
  });
});

describe('many fields', () => {
  it('come in groups of ten, named by what they have in common', () => {
    const titles = ['mean', 'error'].flatMap((kind) => Array.from({ length: 10 }, (_, i) => `Size ${i}, ${kind}`));
    expect(groupFields(titles)).toEqual([
      { title: 'mean', first: 0, end: 10 },
      { title: 'error', first: 10, end: 20 },
    ]);
    const plain = Array.from({ length: 13 }, (_, i) => `x${i}`);
    expect(groupFields(plain)).toEqual([
      { title: '', first: 0, end: 10 },
      { title: '', first: 10, end: 13 },
    ]);
  });

  it('stay together while they are few', () => {
    expect(groupFields(['a', 'b'])).toEqual([{ title: '', first: 0, end: 2 }]);
  });
});
