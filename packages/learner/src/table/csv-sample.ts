import { type CsvForm, createCsvReader, csvFormOf } from './csv.ts';
import { type Row, SAMPLE_ROWS } from './file.ts';
import { findHeader, type IsNamed } from './header.ts';
import { type DecimalMark, decimalMarkOf } from './number.ts';

export interface CsvSample {
  readonly form: CsvForm;
  readonly header: readonly string[];
  /** The line of the header: rows come below it. */
  readonly headerLine: number;
  readonly rows: readonly Row[];
  readonly mark: DecimalMark;
}

/** What the beginning of a CSV file shows; null where there is not even a header. `whole`: nothing follows. */
export function sampleCsv(beginning: string, whole: boolean, isNamed: IsNamed): CsvSample | null {
  const form = csvFormOf(beginning);
  const lines: { line: number; cells: string[] }[] = [];
  const reader = createCsvReader(form, {
    onRecord: (cells, line) => lines.push({ line, cells }) <= SAMPLE_ROWS,
    onBadLine: () => {},
  });
  reader.push(beginning);
  // A header alone may lack its line end.
  if (whole || lines.length === 0) reader.end();
  const header = findHeader(lines, isNamed);
  if (!header) return null;
  const rows = lines.filter(({ line }) => line > header.line);
  const fields = rows.flatMap(({ cells }) => cells.map((cell) => cell.trim()));
  return {
    form,
    header: header.names.map((name) => name.trim()),
    headerLine: header.line,
    rows,
    mark: decimalMarkOf(fields, form.separator),
  };
}
