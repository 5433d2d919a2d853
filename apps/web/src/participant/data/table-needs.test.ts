import type { TableReading } from '@sotto/learner/table/examples';
import { otherNames, type TableLayout } from '@sotto/learner/table/layout';
import type { TableMapping } from '@sotto/learner/table/mapping';
import type { TableOpening } from '@sotto/learner/table/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { foreignValues, sortNeeds } from './table-needs.ts';

const LAYOUT: TableLayout = {
  columns: [
    { type: 'number', name: 'age', mean: 0, deviation: 1, missing: 'refuse' },
    { type: 'category', name: 'side', values: ['left', 'right'], missing: 'refuse' },
  ],
  text: null,
  label: 'kind',
  classes: ['oak', 'elm'],
};
const column = (name: string, ...values: string[]) => ({ name, guess: 'text' as const, values });
const OPENING: TableOpening = {
  format: 'csv',
  coding: 'utf-8',
  mark: 'point',
  rows: [],
  columns: [column('age', '3'), column('Side', 'LEFT', 'right', 'up'), column('k', 'O', 'elm')],
  mapping: { places: { age: 0, side: 1, kind: null }, values: {} },
};
const mapping = (places: TableMapping['places'], values: TableMapping['values'] = {}) => ({
  places: { ...OPENING.mapping.places, ...places },
  values,
});

describe('what a table lacks', () => {
  it('is asked for, and stays where it was asked once it is said', () => {
    const names = (...given: Parameters<typeof sortNeeds>) => {
      const { asked, found, missing } = sortNeeds(...given);
      return [asked.map(({ name }) => name), found.map(({ name }) => name), missing];
    };
    expect(names(LAYOUT, OPENING, mapping({}))).toEqual([['kind'], ['age', 'side'], 1]);
    expect(names(LAYOUT, OPENING, mapping({ kind: 2 }))).toEqual([['kind'], ['age', 'side'], 0]);
    expect(names(LAYOUT, OPENING, mapping({ kind: 2, age: null }))).toEqual([['age', 'kind'], ['side'], 1]);
  });

  it('may be titled as the manifest or a translation says', () => {
    const task = {
      classes: ['oak', 'elm'],
      input: { columns: [{ ...LAYOUT.columns[0]!, title: 'Age' }] },
      translations: { de: { classes: ['Eiche', 'Ulme'], columns: { age: 'Alter' } }, fr: {} },
      aliases: { columns: { age: ['years'] }, classes: { elm: ['ulmus'] } },
    } as unknown as TaskManifest;
    expect(otherNames(task)).toEqual({
      columns: { age: ['Age', 'Alter', 'years'] },
      classes: [['Eiche'], ['Ulme', 'ulmus']],
    });
  });
});

describe('values of a file that are not the task’s own words', () => {
  it('are told with what they surely mean, what was said of them, and how often they occur', () => {
    const reading = { unknown: { side: [{ value: 'up', count: 7 }], kind: [{ value: 'X', count: 1 }] } } as unknown;
    const [side, kind] = foreignValues(
      LAYOUT,
      OPENING,
      mapping({ kind: 2 }, { kind: { O: 'oak' } }),
      reading as TableReading,
    );
    expect(side).toMatchObject({ open: 1, asked: true, need: { name: 'side' } });
    expect(side!.values).toEqual([
      { value: 'LEFT', count: null, meaning: 'left' },
      { value: 'up', count: 7, meaning: undefined },
    ]);
    expect(kind!.values).toEqual([
      { value: 'O', count: null, meaning: 'oak' },
      { value: 'X', count: 1, meaning: undefined },
    ]);
  });

  it('may be words that every object knows', () => {
    const columns = [column('age'), column('side', 'constructor', '__proto__'), column('kind', 'toString')];
    const values = { kind: Object.fromEntries([['toString', null]]) };
    const found = foreignValues(LAYOUT, { ...OPENING, columns }, mapping({ kind: 2 }, values), null);
    expect(found.map(({ values: some }) => some.map(({ value, meaning }) => [value, meaning]))).toEqual([
      [
        ['constructor', undefined],
        ['__proto__', undefined],
      ],
      [['toString', null]],
    ]);
  });

  it('are none where all are as the task writes them, or where no column is chosen', () => {
    const columns = [column('age'), column('side', 'left'), column('kind', 'elm')];
    expect(foreignValues(LAYOUT, { ...OPENING, columns }, mapping({ kind: 2 }), null)).toEqual([]);
    expect(foreignValues(LAYOUT, OPENING, mapping({ side: null }), null)).toEqual([]);
  });
});
