import { type Fault, fault } from '../intake/fault.ts';
import type { Report } from '../intake/report.ts';
import type { Cell } from './encoding.ts';
import { collectExamples, type TableReading } from './examples.ts';
import type { BroughtFile, Row } from './file.ts';
import { openTableFile } from './file-opening.ts';
import { needsOf, type TableLayout } from './layout.ts';
import { type ColumnTitles, mappingFaults, placeOf, suggestMapping, type TableMapping } from './mapping.ts';
import { type DecimalMark, isAbsent, parseNumber } from './number.ts';

/** What a column of a file seems to hold, by its first values. */
export type ColumnGuess = 'number' | 'date' | 'text' | 'empty';

export interface FileColumn {
  readonly name: string;
  readonly guess: ColumnGuess;
  /** Different values among the first rows, the most frequent first; of many, some. */
  readonly values: readonly string[];
}

/** What is to be known of a table before it is read. */
export interface TableOpening {
  readonly format: 'csv' | 'parquet';
  readonly columns: readonly FileColumn[];
  readonly rows: readonly Row[];
  readonly mark: DecimalMark;
  /** The columns that are surely meant. */
  readonly mapping: TableMapping;
}

const SHOWN_ROWS = 20;
/** Nobody finds one among more. */
const MOST_CHOICES = 2000;
const MOST_VALUES = 50;

/** @returns a fault where there is no table in the file */
export async function openTable(
  file: BroughtFile,
  layout: TableLayout,
  titles: ColumnTitles = {},
): Promise<TableOpening | Fault> {
  const table = await openTableFile(file);
  if ('code' in table) return table;
  const { format, header, sample, mark } = table;
  const mapping = suggestMapping(header, layout, titles);
  const missing = needsOf(layout).find(({ name }) => placeOf(mapping, name) === null);
  if (missing && header.length > MOST_CHOICES)
    return fault('columns_many', { file: file.name, column: missing.name, columns: header.length });
  return {
    format,
    mark,
    columns: header.map((name, at) =>
      fileColumn(
        name,
        sample.map(({ cells }) => cells[at] ?? null),
        mark,
      ),
    ),
    rows: sample.slice(0, SHOWN_ROWS),
    mapping,
  };
}

/** Reads a table to its end. Bad rows are told of, the others become examples. */
export async function readTable(
  file: BroughtFile,
  layout: TableLayout,
  mapping: TableMapping,
  report: Report,
): Promise<TableReading> {
  const table = await openTableFile(file);
  const { name } = file;
  if ('code' in table) return refused([table]);
  const { header, mark } = table;
  const missing = mappingFaults(name, header, layout, mapping);
  if (missing.length > 0) return refused(missing);
  const examples = collectExamples({ file: name, layout, mapping, header, mark });
  const places = [...new Set(needsOf(layout).map((need) => placeOf(mapping, need.name)!))];
  const ears = {
    onRow: ({ line, cells }: Row) => examples.add(line, cells),
    onBadLine: (line: number) => examples.addFault(fault('quotes', { file: name, line })),
    onGarbledLine: (line: number) => examples.addFault(fault('garbled', { file: name, line })),
  };
  const broken = await table.readRows(places, ears, report);
  if (broken) examples.addFault(broken);
  return examples.result();
}

function refused(faults: readonly Fault[]): TableReading {
  return { dataset: null, faults: { count: faults.length, first: faults }, leftOut: 0, unknown: {} };
}

function fileColumn(name: string, cells: readonly Cell[], mark: DecimalMark): FileColumn {
  const counts = new Map<string, number>();
  const kinds = { number: 0, date: 0, text: 0 };
  for (const cell of cells) {
    const value = String(cell ?? '').trim();
    if (isAbsent(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    const number = typeof cell === 'number' ? cell : parseNumber(value, mark);
    if (typeof number === 'number' || number === 'not_finite') kinds.number += 1;
    else kinds[number === 'a_date' ? 'date' : 'text'] += 1;
  }
  const most = Math.max(kinds.number, kinds.date, kinds.text);
  const guess = (['number', 'date', 'text'] as const).find((kind) => kinds[kind] === most)!;
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_VALUES);
  return { name, guess: most === 0 ? 'empty' : guess, values: frequent.map(([value]) => value) };
}
