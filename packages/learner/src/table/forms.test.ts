import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableLayout } from './layout.ts';
import { openTable, readTable, type TableOpening } from './reading.ts';

const number = { type: 'number', missing: 'refuse', mean: 0, deviation: 1 } as const;
const LAYOUT: TableLayout = {
  columns: [
    { ...number, name: 'width', range: [0, 50] },
    { ...number, name: 'height', range: [0, 500] },
  ],
  text: null,
  label: 'kind',
  classes: ['oak', 'elm'],
};
const TEXTS: TableLayout = {
  columns: [],
  text: { name: 'text', input: { buckets: 16, pairs: false, maxCharacters: 100 } },
  label: 'label',
  classes: ['not spam', 'spam'],
};

async function open(text: string | Uint8Array<ArrayBuffer>, layout = LAYOUT, headless: boolean | null = null) {
  return (await openTable({ name: 'a.csv', blob: new Blob([text]) }, layout, headless)) as TableOpening;
}

/** Inputs and labels as a table's own suggestion reads them. */
async function read(text: string | Uint8Array<ArrayBuffer>, layout = LAYOUT) {
  const { mapping } = await open(text, layout);
  const reading = await readTable({ name: 'a.csv', blob: new Blob([text]) }, layout, mapping, async () => {});
  expect(reading.faults.first).toEqual([]);
  return { inputs: [...reading.dataset!.inputs], labels: [...reading.dataset!.labels] };
}

const ROWS = [
  ['1.5', '20.25', 'oak'],
  ['2.5', '30.75', 'elm'],
  ['3.5', '1.5', 'oak'],
] as const;
const EXPECTED = { inputs: [1.5, 20.25, 2.5, 30.75, 3.5, 1.5], labels: [0, 1, 0] };
const plain = (header = 'width,height,kind\n') => header + ROWS.map((row) => `${row.join(',')}\n`).join('');

describe('a table', () => {
  it('is read whatever separates its fields, decimals and lines, quoted or not, and however it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(';', '\t', ',', '|', ' '),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom('', '\n', '\r\n\r\n', '\n \n\n', '\nempty\n\n'),
        fc.constantFrom('', '\ufeff', 'Größen der Bäume\n', '# by A, B; C\n# 2024\n\n'),
        async (separator, commas, quoted, newline, end, above) => {
          fc.pre(separator !== ',' || !commas || quoted);
          fc.pre(separator !== ' ' || above === '' || above === '\ufeff');
          const field = (text: string) => (quoted ? `"${text}"` : text);
          const lines = [['width', 'height', 'kind'], ...ROWS].map((row) =>
            row.map((text) => field(commas ? text.replace('.', ',') : text)).join(separator),
          );
          const text = `${above}${lines.join('\n')}${end.replace('empty', separator.repeat(2))}`.replace(
            /\r?\n/g,
            newline,
          );
          expect(await read(text)).toEqual(EXPECTED);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is read from what spreadsheets write of umlauts, and that is known', async () => {
    const text = 'Größe;width;height;kind\r\nä;1,5;20,25;oak\r\nö;2,5;30,75;elm\r\nü;3,5;1,5;oak\r\n';
    const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(await read(latin)).toEqual(EXPECTED);
    const { coding, columns } = await open(latin);
    expect([coding, columns[0]!.name]).toEqual(['windows-1252', 'Größe']);
    expect((await open(text)).coding).toBe('utf-8');
  });

  it.each([
    ['a title as spreadsheets keep it', `Trees of the park,,\n,,\n${plain()}`],
    ['a title with as many separators but one', `Trees, park\n${plain()}`],
    ['comments, one with as many separators', `# a, b, c\n#x\n${plain()}`],
  ])('is found below %s', async (_, text) => {
    expect(await read(text)).toEqual(EXPECTED);
  });

  it('may have names of rows that are called nothing, as R writes them', async () => {
    const lines = ROWS.map((row, i) => `"${i + 1}" ${row[0]} ${row[1]} "${row[2]}"\n`).join('');
    expect(await read(`"width" "height" "kind"\n${lines}`)).toEqual(EXPECTED);
    expect((await open(`"width" "height" "kind"\n${lines}`)).columns[0]!.name).toBe('');
  });

  it('may end its rows, but not its header, with a separator', async () => {
    expect(await read(plain().replace(/(oak|elm)\n/g, '$1,\n'))).toEqual(EXPECTED);
  });

  it.each([
    ['a separator', ','],
    ['empty quotation marks', ',""'],
  ])('may end its header, but not its rows, with %s', async (_, end) => {
    const swapped = ROWS.map(([width, height, kind]) => `${kind},${height},${width}\n`).join('');
    expect(await read(`kind,height,width${end}\n${swapped}`)).toEqual(EXPECTED);
  });

  it('is known by the names it is looked for by, however many fields its rows have: they are refused, not taken for others', async () => {
    const text = `kind,height,width,remark\n${ROWS.map(([width, height, kind]) => `${kind},${height},${width}\n`).join('')}`;
    const { mapping } = await open(text);
    expect(mapping).toEqual({ places: { width: 2, height: 1, kind: 0 }, values: {} });
    const reading = await readTable({ name: 'a.csv', blob: new Blob([text]) }, LAYOUT, mapping, async () => {});
    expect(reading.dataset).toBeNull();
    expect(reading.faults.first[0]).toMatchObject({
      code: 'fields_count',
      values: { line: 2, fields: 3, expected: 4 },
    });
  });

  it('may call columns and classes by their other names', async () => {
    const layout = { ...LAYOUT, names: { columns: { width: ['mean width'] }, classes: [['Eiche', 'O'], []] } };
    const text = 'Mean_Width,height,kind\n1.5,20.25,o\n2.5,30.75,elm\n3.5,1.5,eiche\n';
    expect(await read(text, layout)).toEqual(EXPECTED);
  });

  it('keeps its header where rows are ragged, for they say so', async () => {
    const { columns } = await open('label,text\nspam,a, b, c\nspam,d, e, f\nnot spam,g\n', TEXTS);
    expect(columns.map(({ name }) => name)).toEqual(['label', 'text']);
  });
});

describe('a table without a header', () => {
  it('is taken by what its columns hold, in the task’s order', async () => {
    expect(await read(plain(''))).toEqual(EXPECTED);
    const front = ROWS.map(([width, height, kind], i) => `${1000 + i},${kind},${width},${height}\n`).join('');
    expect(await read(front)).toEqual(EXPECTED);
    const { mapping, columns, rows } = await open(front);
    expect(mapping.headless).toBe(true);
    expect(columns[0]!.name).toBe('');
    expect(rows[0]).toMatchObject({ line: 1, cells: ['1000', 'oak', '1.5', '20.25'] });
  });

  it('of texts is known by its few answers', async () => {
    const text = 'ham\tsee you at 5\nspam\tWIN 1000\nham\tok\nham\tyes, do\n';
    const { mapping } = await open(text, TEXTS);
    expect(mapping).toMatchObject({ places: { label: 0, text: 1 }, headless: true });
  });

  it('is asked about where its columns are others, or what they hold does not fit', async () => {
    const places = async (text: string) => (await open(text)).mapping.places;
    expect(await places('1,2,3,4,oak\n2,3,4,5,elm\n3,4,5,6,elm\n')).toEqual({ width: null, height: null, kind: 4 });
    expect(await places('150,2,oak\n160,3,elm\n170,4,oak\n')).toEqual({ width: null, height: null, kind: 2 });
  });

  it('is one only where the first line is like the others, or somebody says so', async () => {
    expect((await open('x,y,what\n1,2,oak\n3,4,elm\n')).mapping.headless).toBeUndefined();
    expect((await open('0,1,2\n1.5,2,oak\n3,4,elm\n')).mapping.headless).toBeUndefined();
    expect((await open('1,width,oak\n1.5,2,oak\n')).mapping.headless).toBeUndefined();
    expect((await open('what,then\nspam,a\nham,b\n', TEXTS)).mapping.headless).toBeUndefined();
    expect((await open('x,y,what\n1,2,oak\n', LAYOUT, true)).mapping.headless).toBe(true);
    expect((await open(plain(''), LAYOUT, false)).mapping.headless).toBeUndefined();
  });
});
