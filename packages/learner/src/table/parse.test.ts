import { describe, expect, it } from 'vitest';
import type { TableLayout } from './layout.ts';
import { parseTable } from './parse.ts';

const number = { type: 'number', missing: 'refuse', mean: 0, deviation: 1 } as const;
const layout: TableLayout = {
  columns: [
    { ...number, name: 'width', mean: 2, deviation: 4 },
    { ...number, name: 'a "b", c' },
  ],
  text: null,
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
    ['a header alone', header, 'trees.csv: there is no line below the header'],
    ['a missing column', 'width,kind\n1,oak', 'there is no column "a "b", c"'],
    ['a column twice', `width,width,"a ""b"", c",kind\n1,1,1,oak`, 'two columns "width"'],
    ['a short line', `${header}1,oak`, 'trees.csv, line 2: 2 fields, the header has 3'],
    ['a missing value', `${header}1,2,oak\n,2,oak`, 'trees.csv, line 3, column "width": the value is missing'],
    ['a word for a number', `${header}\n1,two,oak`, 'trees.csv, line 3, column "a "b", c": "two" is not a number'],
    ['infinity', `${header}Infinity,2,oak`, '"Infinity" is not a finite number'],
    ['an unknown class', `${header}1,2,ash`, '"ash" is not one of the classes oak, elm'],
    ['no class', `${header}1,2,`, 'does not say which class'],
    ['an open quote', `${header}1,"2,oak\n3,4,elm`, 'line 2: a quotation mark is opened and not closed'],
    ['text after a quote', `${header}"1"0,2,oak`, 'text follows a closing one'],
  ])('is refused with %s, saying where', (_, text, message) => {
    expect(() => parseTable(text, layout, 'trees.csv')).toThrow(message);
  });

  it('of texts becomes their features', () => {
    const texts: TableLayout = {
      columns: [],
      text: { name: 'mail', input: { buckets: 32, pairs: false, maxCharacters: 100 } },
      label: 'kind',
      classes: ['ham', 'spam'],
    };
    const { inputs, labels, shape } = parseTable('mail,kind\n"Win, win!\nNow",spam\nwin,ham\n', texts, 'f');
    expect(inputs).toBeInstanceOf(Uint8Array);
    expect(shape).toEqual([32]);
    expect([...labels]).toEqual([1, 0]);
    const ones = [...inputs.keys()].filter((i) => inputs[i] === 1);
    expect([ones.filter((i) => i < 32).length, ones.filter((i) => i >= 32).length]).toEqual([3, 1]);
    expect(() => parseTable('mail,kind\n" - ",ham\n', texts, 'f')).toThrow(
      'f, line 2, column "mail": there is no text',
    );
  });
});
