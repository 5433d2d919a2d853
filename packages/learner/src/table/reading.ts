import type { Coding } from '../intake/coding.ts';
import { type Fault, fault } from '../intake/fault.ts';
import type { Report } from '../intake/report.ts';
import { collectExamples, type TableReading } from './examples.ts';
import type { BroughtFile, Row } from './file.ts';
import { type FileColumn, fileColumns } from './file-column.ts';
import { openTableFile } from './file-opening.ts';
import { looksHeadless, suggestByPlace, withoutHeader } from './headless.ts';
import { needsOf, type TableLayout } from './layout.ts';
import { isNamed, mappingFaults, placeOf, suggestMapping, type TableMapping } from './mapping.ts';
import type { DecimalMark } from './number.ts';

/** What is to be known of a table before it is read. */
export interface TableOpening {
  readonly format: 'csv' | 'parquet';
  readonly coding: Coding;
  readonly columns: readonly FileColumn[];
  readonly rows: readonly Row[];
  readonly mark: DecimalMark;
  /** The columns that are surely meant. */
  readonly mapping: TableMapping;
}

const SHOWN_ROWS = 20;
/** Nobody finds one among more. */
const MOST_CHOICES = 2000;

/**
 * @param headless  whether the first line is a row, too; null: the line itself tells
 * @returns a fault where there is no table in the file
 */
export async function openTable(
  file: BroughtFile,
  layout: TableLayout,
  headless: boolean | null = null,
): Promise<TableOpening | Fault> {
  const found = await openTableFile(file, (cells) => isNamed(cells, layout));
  if ('code' in found) return found;
  const unnamed = headless ?? looksHeadless(found, layout);
  const { format, coding, header, sample, mark } = unnamed ? withoutHeader(found) : found;
  const columns = fileColumns(header, sample, mark);
  const needed = needsOf(layout).length;
  if (header.length < needed && !isNamed(header, layout))
    return fault('columns_few', { file: file.name, columns: header.length, needed });
  const mapping = unnamed ? suggestByPlace(columns, sample, layout, mark) : suggestMapping(header, layout);
  const missing = needsOf(layout).find(({ name }) => placeOf(mapping, name) === null);
  if (missing && header.length > MOST_CHOICES)
    return fault('columns_many', { file: file.name, column: missing.name, columns: header.length });
  return {
    format,
    coding,
    mark,
    columns,
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
  const found = await openTableFile(file, (cells) => isNamed(cells, layout));
  const { name } = file;
  if ('code' in found) return refused([found]);
  const table = mapping.headless ? withoutHeader(found) : found;
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
