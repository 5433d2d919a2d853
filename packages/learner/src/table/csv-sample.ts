import { type CsvForm, createCsvReader, csvFormOf } from './csv.ts';
import { type Row, SAMPLE_ROWS } from './file.ts';
import { type DecimalMark, decimalMarkOf } from './number.ts';

export interface CsvSample {
  readonly form: CsvForm;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  readonly mark: DecimalMark;
}

/** What the beginning of a CSV file shows; null where there is not even a header. `whole`: nothing follows. */
export function sampleCsv(beginning: string, whole: boolean): CsvSample | null {
  const form = csvFormOf(beginning);
  let header: string[] | undefined;
  const rows: Row[] = [];
  const reader = createCsvReader(form, {
    onRecord(cells, line) {
      if (header) rows.push({ line, cells });
      else header = cells.map((name) => name.trim());
      return rows.length < SAMPLE_ROWS;
    },
    onBadLine: () => {},
  });
  reader.push(beginning);
  // A header alone may lack its line end.
  if (whole || !header) reader.end();
  if (!header) return null;
  const fields = rows.flatMap(({ cells }) => cells.map((cell) => String(cell).trim()));
  return { form, header, rows, mark: decimalMarkOf(fields, form.separator) };
}
