import type { Row, TableFile } from './file.ts';
import { type FileColumn, fileColumns } from './file-column.ts';
import { type Need, needsOf, type TableLayout, valuesOf } from './layout.ts';
import { suggestMapping, suggestValue, type TableMapping } from './mapping.ts';
import { type DecimalMark, parseNumber } from './number.ts';

/**
 * Whether the line above the rows is a row itself: none of its fields is called like a needed column, and most look like what stands below
 * them, numbers over numbers, or one of a few words.
 */
export function looksHeadless({ format, header, sample, mark }: TableFile, layout: TableLayout): boolean {
  if (format !== 'csv' || sample.length === 0) return false;
  const known = Object.values(suggestMapping(header, layout).places).some((place) => place !== null);
  // 0,1,2,… or 1,2,3,…: columns that were never called anything else.
  const counted = header.every((name, at) => Number(name) === Number(header[0]) + at) && header.length > 1;
  if (known || counted) return false;
  const columns = fileColumns(header, sample, mark);
  const numbers = columns.filter(({ guess }) => guess === 'number');
  const alike = numbers.filter(({ name }) => typeof parseNumber(name, mark) === 'number').length;
  if (numbers.length > 0) return alike * 2 > numbers.length;
  return columns.some(({ name, values }) => isFew(values, layout) && values.includes(name));
}

/** The same table with the line above its rows as a row, and columns without names. */
export function withoutHeader(table: TableFile): TableFile {
  const first = { line: table.headerLine, cells: table.header };
  return {
    ...table,
    header: table.header.map(() => ''),
    headerLine: 0,
    sample: [first, ...table.sample],
    readRows(places, ears, report) {
      ears.onRow(first);
      return table.readRows(places, ears, report);
    },
  };
}

/**
 * Which columns are meant where none has a name: the answer is the one of a few words, of which one is a class's name if several are; the
 * others are taken in the task's order, where there are as many and each holds what is needed. A column in front that numbers the rows is
 * none of them.
 */
export function suggestByPlace(
  columns: readonly FileColumn[],
  rows: readonly Row[],
  layout: TableLayout,
  mark: DecimalMark,
): TableMapping {
  const needs = needsOf(layout);
  const label = needs.at(-1)!;
  const all = [...columns.keys()];
  const few = all.filter((at) => isFew(columns[at]!.values, layout));
  const called = few.filter((at) =>
    columns[at]!.values.some((value) => suggestValue(value, layout.classes, layout.names?.classes)),
  );
  const answer = only(called) ?? only(few) ?? few.find((at) => at === columns.length - 1) ?? null;
  const others = all.filter((at) => at !== answer);
  const inputs = needs.slice(0, -1);
  const [first] = others;
  const numbered = others.length === inputs.length + 1 && first !== undefined && areDistinct(rows, first);
  const inOrder = numbered ? others.slice(1) : others;
  const fits =
    answer !== null &&
    inOrder.length === inputs.length &&
    inputs.every((need, i) => holds(columns[inOrder[i]!]!, need, mark));
  return {
    places: Object.fromEntries([
      ...inputs.map(({ name }, i) => [name, fits ? inOrder[i]! : null]),
      [label.name, answer],
    ]),
    values: {},
    headless: true,
  };
}

/** Hardly more different values than classes: what is no answer has more, or is a category. */
function isFew(values: readonly string[], { classes }: TableLayout): boolean {
  return values.length > 0 && values.length <= classes.length;
}

function holds({ guess, values }: FileColumn, need: Need, mark: DecimalMark): boolean {
  if (need.is === 'text') return guess === 'text';
  const allowed = valuesOf(need);
  if (allowed) return values.every((value) => suggestValue(value, allowed) !== undefined);
  if (guess !== 'number' && guess !== 'empty') return false;
  const range = need.is === 'number' && need.column.range;
  return !range || values.every((value) => within(parseNumber(value, mark), range));
}

function within(value: number | string, [least, most]: readonly [number, number]): boolean {
  return typeof value !== 'number' || (value >= least && value <= most);
}

function areDistinct(rows: readonly Row[], at: number): boolean {
  return new Set(rows.map(({ cells }) => cells[at])).size === rows.length;
}

function only(places: readonly number[]): number | null {
  return places.length === 1 ? places[0]! : null;
}
