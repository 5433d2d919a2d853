import { describe, expect, it } from 'vitest';
import { describeFault } from '../fault.ts';
import { isClear, labelPictures } from './label-table.ts';

const CLASSES = ['cat', 'dog'];
const PATHS = ['pets/a.png', 'pets/b.jpg', 'other/c.png'];
const label = (rows: string[][], asked: Parameters<typeof labelPictures>[4] = null, paths = PATHS) =>
  labelPictures('labels.csv', rows, paths, CLASSES, asked);
const faultsOf = ({ faults }: ReturnType<typeof labelPictures>) => faults.first.map(describeFault);

describe('a table of labels', () => {
  it('finds its columns by what they hold, whatever they are called', () => {
    const found = label([
      ['id', 'what', 'which'],
      ['1', 'Dog', 'a.png'],
      ['2', 'cat', 'b.jpg'],
      ['3', 'cat', 'c.png'],
    ]);
    expect(found).toMatchObject({ file: 2, label: 1, labels: [1, 0, 0] });
    expect(isClear(found)).toBe(true);
    expect(faultsOf(found)).toEqual([]);
  });

  it.each([
    ['an index without a heading', ['', 'file', 'label']],
    ['a fold', ['fold', 'file', 'Label']],
    ['an index beside the class’s name', ['id', 'image path', 'class_name']],
  ])('takes %s for no label where a column is called one', (_, heading) => {
    const found = labelPictures(
      'labels.csv',
      [heading, ['0', 'a.png', '1'], ['1', 'b.jpg', '0'], ['0', 'c.png', '1']],
      PATHS,
      ['0', '1'],
      null,
    );
    expect(found).toMatchObject({ file: 1, label: 2, labels: [1, 0, 1] });
  });

  it('asks where several columns could say it, and where the one called so says something else', () => {
    const rows = (heading: string[], label: string) => [heading, ['0', 'a.png', label], ['1', 'b.jpg', label]];
    const digits = (table: string[][]) => labelPictures('labels.csv', table, PATHS, ['0', '1'], null);
    expect(digits(rows(['x', 'y', 'z'], '1'))).toMatchObject({ file: 1, label: null });
    const spelt = digits(rows(['fold', 'file', 'label'], 'one'));
    expect(spelt.label).toBe(2);
    expect(isClear(spelt)).toBe(false);
  });

  it('may do without a heading, name pictures by path or without ending, and use backslashes', () => {
    expect(
      label([
        ['.\\pets\\a.png', 'cat'],
        ['b', 'dog'],
        ['OTHER/C.PNG', 'cat'],
      ]).labels,
    ).toEqual([0, 1, 0]);
  });

  it('asks what values mean that are not called like a class, and then knows', () => {
    const rows = [
      ['file', 'label'],
      ['a', '0'],
      ['b', '1'],
      ['c', '0'],
    ];
    const found = label(rows);
    expect(found.values).toEqual([
      { value: '0', count: 2, label: null },
      { value: '1', count: 1, label: null },
    ]);
    expect(isClear(found)).toBe(false);
    const told = label(rows, { file: 0, label: 1, values: { 0: 1, 1: 0 } });
    expect(told.labels).toEqual([1, 0, 1]);
    expect(isClear(told)).toBe(true);
  });

  it('takes words that every object knows for words like others', () => {
    const words = ['constructor', '__proto__', 'toString'];
    const rows = [['file', 'label'], ...words.map((word, i) => [PATHS[i]!, word])];
    const values = Object.fromEntries([['toString', 1]]);
    for (const asked of [
      { file: 0, label: 1, values: {} },
      { file: 0, label: 1, values },
    ]) {
      const found = label(rows, asked);
      expect(found.labels).toEqual([null, null, asked.values === values ? 1 : null]);
      expect(found.values.map(({ value }) => value)).toEqual(words);
      expect(structuredClone(found)).toEqual(found);
    }
  });

  it('names each line without a picture, each picture without a line, and every value that is no class', () => {
    const found = label([
      ['file', 'label'],
      ['a.png', 'cat'],
      ['z.png', 'dog'],
      ['b.jpg', 'cow'],
      ['', 'cat'],
      ['', ''],
      ['a.png', 'dog'],
    ]);
    expect(found.labels).toEqual([0, null, null]);
    const [missing, cow, nameless, twice, b, c] = faultsOf(found);
    expect(missing).toMatch(/labels\.csv, line 3.*z\.png/);
    expect(cow).toMatch(/line 4.*cow/);
    expect(nameless).toMatch(/line 5/);
    expect(twice).toMatch(/line 7.*line 2/);
    expect(b).toMatch(/pets\/b\.jpg.*labels\.csv/);
    expect(c).toMatch(/other\/c\.png/);
  });

  it('takes no picture for another of the same name in another folder', () => {
    const paths = ['x/1.png', 'y/1.png', 'y/2.png'];
    const found = label(
      [
        ['x/1.png', 'cat'],
        ['y/1.png', 'dog'],
        ['1.png', 'cat'],
      ],
      null,
      paths,
    );
    expect(found.labels).toEqual([0, 1, null]);
    expect(faultsOf(found)[0]).toMatch(/line 3.*1\.png/);
  });

  it('says that it found nothing where it holds nothing of the kind', () => {
    expect(label([])).toMatchObject({ file: null, label: null });
    expect(
      label([
        ['x', 'y', 'z'],
        ['1', '2', '3'],
      ]),
    ).toMatchObject({ file: null, label: null, labels: [null, null, null] });
  });
});
