import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type CsvForm, createCsvReader, csvFormOf } from './csv.ts';

const COMMA: CsvForm = { separator: ',', newline: '\n' };

function readAll(text: string, form = COMMA, pieces: readonly number[] = []) {
  const records: string[][] = [];
  const lines: number[] = [];
  const bad: number[] = [];
  const reader = createCsvReader(form, {
    onRecord(fields, line) {
      records.push(fields);
      lines.push(line);
      return true;
    },
    onBadLine: (line) => void bad.push(line),
  });
  let at = 0;
  for (const length of pieces) {
    reader.push(text.slice(at, at + length));
    at += length;
  }
  reader.push(text.slice(at));
  reader.end();
  return { records, lines, bad };
}

describe('CSV', () => {
  it('comes back as it was written, whatever its fields hold and wherever it is cut', () => {
    const field = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r\n', ' ', '😀', '1'),
      maxLength: 6,
    });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
        (rows, separator, newline, pieces) => {
          const text = Papa.unparse(rows, { delimiter: separator, newline });
          const { records, bad } = readAll(text, { separator, newline: '\n' }, pieces);
          expect(bad).toEqual([]);
          // Lines of which all fields are empty are blank.
          expect(records).toEqual(rows.filter((row) => row.some((text) => text.trim() !== '')));
        },
      ),
    );
  });

  it('may end its lines as old Macs do', () => {
    expect(readAll('a,b\r1,"x\ry"\r', { separator: ',', newline: '\r' }).records).toEqual([
      ['a', 'b'],
      ['1', 'x\ry'],
    ]);
  });

  it('tells each record by the line it begins on, blank lines and line ends inside quotes counted', () => {
    const { records, lines } = readAll('a,b\n\n"1\n2",3\r\n   \n4,5');
    expect(records.map(([first]) => first)).toEqual(['a', '1\n2', '4']);
    expect(lines).toEqual([1, 3, 6]);
  });

  it.each([
    ['text after a closing quotation mark', 'a,b\n"1"0,2\n3,4\n', [2]],
    ['a quotation mark that never closes', 'a,b\n1,"2\n3,4\n', [2]],
    ['both', 'a,b\n"1"0,2\n1,"2\n3,4', [2, 3]],
  ])('loses only the line with %s', (_, text, expected) => {
    for (const pieces of [[], [3], [5, 1, 1, 1, 1], [8, 2]]) {
      const { records, bad } = readAll(text, COMMA, pieces);
      expect(records).toEqual([
        ['a', 'b'],
        ['3', '4'],
      ]);
      expect(bad).toEqual(expected);
    }
  });

  it('does not gather a file without end behind an open quotation mark', () => {
    const line = `${'x'.repeat(99)}\n`;
    const { records, bad } = readAll(`a,b\n"1,2\n${line.repeat(50_000)}`, COMMA, Array(60).fill(100_000));
    expect(bad).toEqual([2]);
    expect(records).toHaveLength(50_001);
  });

  it('ends a bad line at its end, and looks no further', () => {
    const bad = '"Hi" she said, and so on\n';
    const lines = 40_000;
    const found = readAll(`a,b\n${bad.repeat(lines)}"x ""y"" z" ,1\n5" nail,2\n`, COMMA, Array(20).fill(65_536));
    expect(found.records).toEqual([
      ['a', 'b'],
      ['x "y" z', '1'],
      ['5" nail', '2'],
    ]);
    expect(found.bad).toHaveLength(lines);
  });

  it('is told no more once that is asked for', () => {
    const seen: string[] = [];
    const reader = createCsvReader(COMMA, {
      onRecord([first]) {
        seen.push(first!);
        return seen.length < 2;
      },
      onBadLine: () => {},
    });
    reader.push('1,a\n2,b\n3,c\n');
    reader.push('4,d\n');
    reader.end();
    expect(seen).toEqual(['1', '2']);
  });

  it.each([
    ['a,b,c\n1;2;3', ',', '\n'],
    ['a;b;c\n1,5;2,5;3', ';', '\n'],
    ['a\tb\n1,5\t2\n', '\t', '\n'],
    ['"x;y;z;w",b,c\n', ',', '\n'],
    ['a;b\r1;2\r', ';', '\r'],
    ['\n\na|b\r\n', '|', '\n'],
    ['only', ',', '\n'],
  ])('shows its separator and line ends: %j', (text, separator, newline) => {
    expect(csvFormOf(text)).toEqual({ separator, newline });
  });
});
