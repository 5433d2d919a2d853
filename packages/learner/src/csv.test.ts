import { describe, expect, it } from 'vitest';
import { type CsvLayout, parseTable, readTable } from './csv.ts';

const layout: CsvLayout = {
  columns: [
    { type: 'number', name: 'width', missing: 'refuse', mean: 2, deviation: 4 },
    { type: 'number', name: 'a "b", c', missing: 'refuse', mean: 0, deviation: 1 },
  ],
  label: 'kind',
  classes: ['oak', 'elm'],
};

describe('a table', () => {
  it('is standardised, with columns found by name and quotes understood', () => {
    const text = '\ufeffkind,extra,"a ""b"", c",width\r\nelm,x,-1.5e1,10\r\n"oak",,.5, -2 \r\n';
    const { inputs, labels, shape } = parseTable(text, layout, 'trees.csv');
    expect([...inputs]).toEqual([2, -15, -1, 0.5]);
    expect([...labels]).toEqual([1, 0]);
    expect(shape).toEqual([2]);
  });

  it('may use semicolons', () => {
    expect([...parseTable('width;"a ""b"", c";kind\n6;3;oak', layout, 'f').inputs]).toEqual([1, 3]);
  });

  const header = 'width,"a ""b"", c",kind\n';
  it.each([
    ['an empty file', '', 'trees.csv: the file is empty'],
    ['a missing column', 'width,kind\n1,oak', 'there is no column "a "b", c"'],
    ['a column twice', `width,width,"a ""b"", c",kind\n1,1,1,oak`, 'two columns "width"'],
    ['a short line', `${header}1,oak`, 'trees.csv, line 2: 2 fields, the header has 3'],
    ['a missing value', `${header}1,2,oak\n,2,oak`, 'trees.csv, line 3, column "width": the value is missing'],
    ['a word for a number', `${header}\n1,two,oak`, 'trees.csv, line 3, column "a "b", c": "two" is not a number'],
    ['infinity', `${header}Infinity,2,oak`, '"Infinity" is not a finite number'],
    ['an unknown class', `${header}1,2,ash`, '"ash" is not one of the classes oak, elm'],
    ['an open quote', `${header}1,"2,oak\n3,4,elm`, 'line 2: a quote is opened and never closed'],
    ['text after a quote', `${header}"1"0,2,oak`, 'text after a closing quote'],
  ])('is refused with %s, saying where', (_, text, message) => {
    expect(() => parseTable(text, layout, 'trees.csv')).toThrow(message);
  });

  it('keeps the good lines and names each bad one where that is asked for', () => {
    const { dataset, faults } = readTable(`${header}1,2,oak\nx,2,oak\n3,4,ash\n5,6\n6,1,elm\n`, layout, 'f');
    expect([...dataset.labels]).toEqual([0, 1]);
    expect([...dataset.inputs]).toEqual([-0.25, 2, 1, 1]);
    expect(faults.map(({ message }) => message)).toEqual([
      'f, line 3, column "width": "x" is not a number.',
      'f, line 4, column "kind": "ash" is not one of the classes oak, elm.',
      'f, line 5: 2 fields, the header has 3.',
    ]);
  });
});
