import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Column } from '@sotto/protocol/task';
import fc from 'fast-check';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { describeFault } from '../intake/fault.ts';
import type { TableLayout } from './layout.ts';
import type { TableMapping } from './mapping.ts';
import { openTable, readTable, type TableOpening } from './reading.ts';

const number = { type: 'number', missing: 'refuse', mean: 0, deviation: 1 } as const;
const LAYOUT: TableLayout = {
  columns: [
    { ...number, name: 'leaf_width' },
    { ...number, name: 'height' },
    { type: 'category', name: 'soil', values: ['wet', 'dry'], missing: 'refuse' },
  ],
  text: null,
  label: 'kind',
  classes: ['oak', 'elm'],
};

const csv = (text: string | BlobPart[], name = 'trees.csv') => ({
  name,
  blob: new Blob(typeof text === 'string' ? [text] : text),
});
const opened = async (...given: Parameters<typeof openTable>) => (await openTable(...given)) as TableOpening;
const quiet = async () => {};

async function read(file: ReturnType<typeof csv>, change: Partial<TableMapping> = {}, layout = LAYOUT) {
  const { mapping } = await opened(file, layout);
  const { dataset, faults, ...more } = await readTable(file, layout, { ...mapping, ...change }, quiet);
  return {
    ...more,
    inputs: dataset ? [...dataset.inputs] : null,
    labels: dataset ? [...dataset.labels] : null,
    faults: faults.first.map(describeFault),
    count: faults.count,
  };
}

describe('a table, opened', () => {
  it('shows its columns, what they seem to hold, and its first rows', async () => {
    const { columns, rows, format, mark } = await opened(
      csv('a;b;c;d\n1,5;x;2024-01-01;\n2,5;y;2024-01-02;NA\n'),
      LAYOUT,
    );
    expect({ format, mark }).toEqual({ format: 'csv', mark: 'comma' });
    expect(columns).toEqual([
      { name: 'a', guess: 'number', values: ['1,5', '2,5'] },
      { name: 'b', guess: 'text', values: ['x', 'y'] },
      { name: 'c', guess: 'date', values: ['2024-01-01', '2024-01-02'] },
      { name: 'd', guess: 'empty', values: [] },
    ]);
    expect(rows[1]).toEqual({ line: 3, cells: ['2,5', 'y', '2024-01-02', 'NA'] });
  });

  it('finds columns by name, by name but for capitals and spaces, by title, and guesses nothing else', async () => {
    const layout = { ...LAYOUT, names: { columns: { soil: ['Ground', 'Boden'] }, classes: [] } };
    const { mapping } = await opened(csv('BODEN,Leaf Width,height,Height,sort\n'), layout);
    expect(mapping.places).toEqual({ leaf_width: 1, height: 2, soil: 0, kind: null });
    const twice = await opened(csv('HEIGHT,Height,soil,sort\n'), LAYOUT);
    expect(twice.mapping.places.height).toBeNull();
  });

  it.each<[string, BlobPart[], string]>([
    ['nothing in it', [], 'the file is empty'],
    ['blank lines only', ['\n \n'], 'the file is empty'],
    ['an Excel workbook', [Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)], 'this is a spreadsheet'],
    ['JSON that ends in no line', ['[{"leaf_width": 1, "height": 2, "kind": "oak"}]'], 'this is JSON, not a CSV'],
    ['a page', ['<html><table><tr><td>1</td></tr></table></html>'], 'this is HTML'],
    ['what Weka reads', ['% trees\n@relation trees\n@attribute height numeric\n@data\n1,2\n'], 'this is ARFF'],
    ['too few columns', ['1.5  2.5\n11.5  12.5\n'], 'only 3 columns can be told apart in it, and 4 are needed'],
    ['a program', [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 1, 1, 2, 3)], 'neither a CSV nor a Parquet'],
    ['half a Parquet file', ['PAR1 and no more'], 'the Parquet file breaks off before its end'],
    [
      'a damaged Parquet file',
      ['PAR1', Uint8Array.of(255, 255, 255, 1, 0, 0, 0), 'PAR1'],
      'the Parquet file is damaged',
    ],
  ])('is refused with %s, saying what to do', async (_, parts, message) => {
    const found = await openTable(csv(parts), LAYOUT);
    expect('code' in found && describeFault(found)).toContain(message);
  });

  it('may have thousands of columns, if those that are needed are called so', async () => {
    const genes = Array.from({ length: 5000 }, (_, i) => `gene_${i}`);
    const layout = { ...LAYOUT, columns: genes.map((name) => ({ ...number, name })) };
    const line = genes.map((_, i) => i).join(',');
    const file = csv(`kind,${genes.join(',').toUpperCase()}\nelm,${line}\n`);
    const { mapping } = await opened(file, layout);
    expect([mapping.places.gene_0, mapping.places.gene_4999]).toEqual([1, 5000]);
    expect((await read(file, {}, layout)).inputs).toEqual(genes.map((_, i) => i));
    const found = await openTable(file, { ...layout, label: 'tissue' });
    expect('code' in found && describeFault(found)).toContain('no column "tissue" among its 5001');
  });

  it('may be UTF-16 that says so, as spreadsheets save "Unicode text"', async () => {
    const text = '\ufeffleaf_width\theight\tsoil\tkind\r\n1\t2\twet\toak\r\n';
    const blob = [Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]))];
    expect(await read(csv(blob))).toMatchObject({ inputs: [1, 2, 1, 0], labels: [0], count: 0 });
  });
});

describe('a table, read', () => {
  const HEADER = 'leaf_width,height,soil,kind\n';

  it('costs a bad line only itself, and says what is wrong with it', async () => {
    const bad = await read(
      csv(
        `${HEADER}1,2,wet,oak\nx,2,wet,oak\n1,2,wet\n1,"2"3,wet,oak\n1,NaN,dry,oak\n1,2,,elm\n"1,000",2,dry,elm\n3,4,dry,elm\n`,
      ),
    );
    expect(bad.inputs).toEqual([1, 2, 1, 0, 3, 4, 0, 1]);
    expect(bad.labels).toEqual([0, 1]);
    expect(bad.faults).toEqual([
      'trees.csv, line 3, column "leaf_width": "x" is not a number.',
      'trees.csv, line 4: 3 fields, the header has 4.',
      'trees.csv, line 5: a quotation mark is opened and not closed, or text follows a closing one.',
      'trees.csv, line 6, column "height": "NaN" is not a finite number.',
      'trees.csv, line 7, column "soil": the value is missing.',
      'trees.csv, line 8, column "leaf_width": "1,000" has marks between thousands, or another decimal mark than the rest. Write it without.',
    ]);
  });

  it('takes decimal commas where its numbers have them', async () => {
    expect(await read(csv('leaf_width;height;soil;kind\n1,5;2;wet;oak\n'))).toMatchObject({ inputs: [1.5, 2, 1, 0] });
  });

  it('takes values in the words of the file, and tells which nobody has explained', async () => {
    const file = csv(`${HEADER}1,1,Wet ,O\n2,2,dry,E\n3,3,moist,E\n4,4,moist,?\n5,5,dry,O\n`);
    const first = await read(file);
    expect(first.count).toBe(5);
    expect(first.unknown).toEqual({
      soil: [{ value: 'moist', count: 2 }],
      kind: [
        { value: 'O', count: 2 },
        { value: 'E', count: 2 },
      ],
    });
    const values = { kind: { O: 'oak', E: 'elm', '?': null }, soil: { moist: 'wet' } };
    expect(await read(file, { values })).toEqual({
      inputs: [1, 1, 1, 0, 2, 2, 0, 1, 3, 3, 1, 0, 5, 5, 0, 1],
      labels: [0, 1, 1, 0],
      faults: [],
      count: 0,
      leftOut: 1,
      unknown: { soil: [], kind: [] },
    });
  });

  it('takes words that every object knows for words like others, in columns and in values', async () => {
    const words = ['constructor', '__proto__', 'toString'];
    const layout: TableLayout = {
      columns: words.map((name) => ({ ...number, name })),
      text: null,
      label: 'hasOwnProperty',
      classes: ['oak', 'elm'],
    };
    const lines = words.map((word) => `1,2,3,${word}\n`).join('');
    const file = csv(`${words.join(',')},hasOwnProperty\n${lines}`);
    const { mapping } = await opened(file, { ...layout, label: 'valueOf' });
    expect(Object.entries(mapping.places)).toEqual([...words.map((word, at) => [word, at]), ['valueOf', null]]);
    expect(await read(file, {}, layout)).toMatchObject({
      inputs: null,
      count: 3,
      unknown: { hasOwnProperty: words.map((value) => ({ value, count: 1 })) },
    });
    const values = { hasOwnProperty: Object.fromEntries(words.map((word) => [word, 'elm'])) };
    expect(await read(file, { values }, layout)).toMatchObject({ labels: [1, 1, 1], count: 0 });
  });

  it('names columns as the file calls them', async () => {
    const renamed = csv('Leaf Width,h,soil,kind\nx,2,wet,oak\n1,y,wet,oak\n');
    const { mapping } = await opened(renamed, LAYOUT);
    const { faults } = await read(renamed, { places: { ...mapping.places, height: 1 } });
    expect(faults).toEqual([
      'trees.csv, line 2, column "Leaf Width": "x" is not a number.',
      'trees.csv, line 3, column "h": "y" is not a number.',
    ]);
  });

  it('refuses a file that lacks columns, naming each, and one without rows', async () => {
    expect(await read(csv('leaf_width,kind\n1,oak\n'))).toMatchObject({
      inputs: null,
      faults: [
        'trees.csv: there is no column "height"; the columns are leaf_width, kind.',
        'trees.csv: there is no column "soil"; the columns are leaf_width, kind.',
      ],
    });
    expect(await read(csv(HEADER))).toMatchObject({
      inputs: null,
      faults: ['trees.csv: there is no line below the header.'],
    });
  });

  it('names lines with letters of another code, and reads the others', async () => {
    const head = `${HEADER.replace('soil', 'Größe (µm),soil')}${'1,2,ü,wet,oak\n'.repeat(60_000)}`;
    const blob = [head, Uint8Array.of(0x31, 0x2c, 0x31, 0x2c, 0x2c, 0xfc, 0x2c, 0x6f, 0x0a), '3,4,ü,dry,elm\n'];
    const { labels, faults } = await read(csv(blob));
    expect(labels).toHaveLength(60_001);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('trees.csv, line 60002: some letters are not coded as UTF-8.');
  });

  it('takes the letter that stands for a lost one, and odd letters in columns nobody needs', async () => {
    const layout = { ...LAYOUT, classes: ['oak', '\ufffd'] };
    expect((await read(csv(`${HEADER}1,2,wet,\ufffd\n`), {}, layout)).labels).toEqual([1]);
    const latin = ['note,', HEADER, Uint8Array.of(0x61, 0xfc), ',1,2,wet,oak\n', Uint8Array.of(0xfc), ',3,4,dry,elm\n'];
    expect(await read(csv(latin))).toMatchObject({ inputs: [1, 2, 1, 0, 3, 4, 0, 1], count: 0 });
  });

  it('may begin with the separator, and end its lines with one', async () => {
    const text = `sep=;\r\n${HEADER.trim().replaceAll(',', ';')}\r\n1;2;wet;oak;\r\n3;4;dry;elm;;\r\n5;6;dry;elm;x\r\n`;
    const { inputs, faults } = await read(csv(text));
    expect(inputs).toEqual([1, 2, 1, 0, 3, 4, 0, 1]);
    expect(faults).toEqual(['trees.csv, line 5: 5 fields, the header has 4.']);
  });

  it('tells how far it is, and ends where nobody waits any more', async () => {
    const file = csv(HEADER + '1,2,wet,oak\n'.repeat(20_000));
    const { mapping } = await opened(file, LAYOUT);
    const told: number[] = [];
    await readTable(file, LAYOUT, mapping, async (done, total) => {
      expect(total).toBe(file.blob.size);
      told.push(done);
    });
    expect(told.at(-1)).toBe(file.blob.size);
    expect(told.length).toBeGreaterThan(2);
    const stop = () => Promise.reject(new Error('stop'));
    await expect(readTable(file, LAYOUT, mapping, stop)).rejects.toThrow('stop');
  });
});

describe('a Parquet file', () => {
  const LAYOUT_OF_TWO: TableLayout = { ...LAYOUT, columns: LAYOUT.columns.slice(0, 2) as Column[] };
  const parquet = (columnData: ColumnSource[], more: object = {}) => ({
    name: 'trees.parquet',
    blob: new Blob([parquetWriteBuffer({ columnData, ...more })]),
  });

  it('gives back what was written, however it is packed', async () => {
    const rows = fc.array(fc.tuple(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer(), fc.boolean()), {
      minLength: 1,
      maxLength: 40,
    });
    const compressors = { GZIP: gzipSync, ZSTD: zstdCompressSync };
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD'),
        fc.integer({ min: 1, max: 50 }),
        async (rows, codec, rowGroupSize) => {
          const file = parquet(
            [
              { name: 'kind', data: rows.map(([, , elm]) => (elm ? 'elm' : 'oak')) },
              { name: 'leaf_width', data: rows.map(([width]) => width), type: 'DOUBLE' },
              { name: 'height', data: rows.map(([, height]) => BigInt(height)), type: 'INT64' },
            ],
            { codec, rowGroupSize, compressors },
          );
          const { inputs, labels, faults } = await read(file, {}, LAYOUT_OF_TWO);
          expect(faults).toEqual([]);
          expect(inputs).toEqual(rows.flatMap(([width, height]) => [Math.fround(width), Math.fround(height)]));
          expect(labels).toEqual(rows.map(([, , elm]) => Number(elm)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is read once, however many rows a row group has', async () => {
    const rows = 120_000;
    const file = parquet(
      [
        { name: 'kind', data: Array.from({ length: rows }, (_, i) => LAYOUT.classes[i % 2]!) },
        { name: 'leaf_width', data: Float64Array.from({ length: rows }, (_, i) => i), type: 'DOUBLE' },
        { name: 'height', data: Float64Array.from({ length: rows }, (_, i) => -i), type: 'DOUBLE' },
      ],
      { codec: 'UNCOMPRESSED', rowGroupSize: rows },
    );
    const { mapping } = await opened(file, LAYOUT_OF_TWO);
    let bytes = 0;
    const { blob } = file;
    const slice = blob.slice.bind(blob);
    blob.slice = (...range) => {
      const part = slice(...range);
      bytes += part.size;
      return part;
    };
    const { dataset, faults } = await readTable(file, LAYOUT_OF_TWO, mapping, quiet);
    expect(faults.count).toBe(0);
    expect([...dataset!.inputs.slice(-2), dataset!.labels.length]).toEqual([rows - 1, 1 - rows, rows]);
    // Once for its first rows, and once for all.
    expect(bytes).toBeLessThan(2.5 * blob.size);
  });

  it('is refused where it holds other rows than it announces', async () => {
    const { blob } = parquet(
      [
        { name: 'leaf_width', data: Array.from({ length: 40 }, (_, i) => i), type: 'DOUBLE' },
        { name: 'kind', data: Array(40).fill('oak') },
      ],
      { codec: 'UNCOMPRESSED' },
    );
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const footer = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    // Thrift: the next field is an integer, 40; it becomes 63.
    const counts = [...bytes.keys()].filter((at) => at > footer && bytes[at - 1] === 0x16 && bytes[at] === 80);
    const announcing = (...places: number[]) => {
      const changed = bytes.slice();
      for (const at of places) changed[at] = 126;
      return openTable({ name: 'trees.parquet', blob: new Blob([changed]) }, LAYOUT);
    };
    expect(counts.length).toBeGreaterThan(2);
    expect(await announcing(counts[0]!)).toMatchObject({ code: 'parquet_bad' });
    expect(await announcing(...counts)).toMatchObject({ code: 'parquet_bad' });
    expect(await announcing()).not.toHaveProperty('code');
  });

  it('names the row of what cannot be used: null, NaN, a date, a class nobody knows', async () => {
    const file = parquet([
      { name: 'leaf_width', data: [1, null, Number.NaN, 4], type: 'DOUBLE', nullable: true },
      { name: 'height', data: Array(4).fill(new Date(0)), type: 'TIMESTAMP' },
      { name: 'soil', data: [true, false, true, true], type: 'BOOLEAN' },
      { name: 'kind', data: ['oak', 'oak', 'oak', 'ash'] },
    ]);
    const { columns } = await opened(file, LAYOUT);
    expect(columns.map(({ guess }) => guess)).toEqual(['number', 'date', 'text', 'text']);
    const { faults } = await read(file, { values: { soil: { true: 'wet', false: 'dry' } } });
    expect(faults).toEqual([
      'trees.parquet, line 1, column "height": "1970-01-01T00:00:00.000Z" is a date or time, not a number.',
      'trees.parquet, line 2, column "leaf_width": the value is missing.',
      'trees.parquet, line 3, column "leaf_width": "NaN" is not a finite number.',
      'trees.parquet, line 4, column "kind": "ash" is not one of the classes oak, elm.',
    ]);
  });
});
