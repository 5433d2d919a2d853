import { type Column, inputWidth } from '@sotto/protocol/task';
import type { Dataset } from './dataset.ts';
import { describeFault, fault } from './intake/fault.ts';
import { encodeRow } from './table/encoding.ts';
import { TrainingError } from './training-error.ts';

export interface CsvLayout {
  /** The input columns in model order. */
  readonly columns: readonly Column[];
  /** Name of the column with the class. */
  readonly label: string;
  readonly classes: readonly string[];
}

/**
 * A table as CSV (RFC 4180): a header line, then one example a line; comma or, where the header has one, semicolon between fields, fields
 * may be quoted. Columns are found by name, in any order; others are ignored. Strict: no missing and no non-numeric value.
 * @throws TrainingError `bad_dataset`, naming file, line and column
 */
export function parseTable(text: string, layout: CsvLayout, file: string): Dataset {
  const { dataset, faults } = readTable(text, layout, file);
  if (faults[0]) throw faults[0];
  return dataset;
}

/**
 * The same, but a bad line costs only itself: the dataset holds the good ones, `faults` what is wrong with each of the others.
 * @throws TrainingError `bad_dataset` where no line can be told from the next: a bad header, a quote that never closes
 */
export function readTable(
  text: string,
  { columns, label, classes }: CsvLayout,
  file: string,
): { dataset: Dataset; faults: TrainingError[] } {
  const bad = (where: string, what: string) => new TrainingError('bad_dataset', `${file}${where}: ${what}.`);
  const [header, ...lines] = readLines(text, (line, what) => bad(`, line ${line}`, what));
  if (header === undefined) throw bad('', 'the file is empty; its first line must name the columns');
  const names = header.fields.map((name) => name.trim());
  const place = (name: string) => {
    const at = names.indexOf(name);
    if (at === -1) throw bad('', `there is no column "${name}"; the columns are ${names.join(', ')}`);
    if (names.lastIndexOf(name) !== at) throw bad('', `there are two columns "${name}"`);
    return at;
  };
  const places = columns.map(({ name }) => place(name));
  const labelPlace = place(label);
  const faults: TrainingError[] = [];
  const inputs: number[] = [];
  const labels: number[] = [];
  const row = new Float32Array(inputWidth(columns));
  for (const { line, fields } of lines) {
    const found = faultIn(line, fields);
    if (found) faults.push(new TrainingError('bad_dataset', describeFault(found)));
    else {
      inputs.push(...row);
      labels.push(classes.indexOf(fields[labelPlace]!.trim()));
    }
  }
  const dataset = {
    inputs: Float32Array.from(inputs),
    shape: [inputWidth(columns)],
    scale: 1,
    labels: Int32Array.from(labels),
  };
  return { dataset, faults };

  function faultIn(line: number, fields: readonly string[]) {
    if (fields.length !== names.length)
      return fault('fields_count', { file, line, fields: fields.length, expected: names.length });
    const cells = places.map((at) => fields[at] ?? null);
    const found = encodeRow(columns, cells, row);
    if (found) return fault(found.code, { file, line, ...found.values });
    const value = fields[labelPlace]!.trim();
    return classes.includes(value)
      ? undefined
      : fault('unknown_class', { file, line, column: label, value, classes: classes.join(', ') });
  }
}

interface Line {
  /** Counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

function readLines(text: string, bad: (line: number, what: string) => Error): Line[] {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const separator = /^[^,\n]*;/.test(content) ? ';' : ',';
  const lines: Line[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted: 'no' | 'inside' | 'closed' = 'no';
  let line = 1;
  let begun = 1;
  const endLine = () => {
    fields.push(field);
    if (fields.length > 1 || fields[0]!.trim() !== '') lines.push({ line: begun, fields });
    [fields, field, quoted] = [[], '', 'no'];
  };
  for (let i = 0; i < content.length; i++) {
    const character = content[i]!;
    if (character === '\n') line++;
    if (quoted === 'inside') {
      if (character !== '"') field += character;
      else if (content[i + 1] === '"') field += content[i++];
      else quoted = 'closed';
    } else if (character === separator) {
      fields.push(field);
      [field, quoted] = ['', 'no'];
    } else if (character === '\n') {
      endLine();
      begun = line;
    } else if (character === '\r') {
      if (content[i + 1] !== '\n') throw bad(line, 'a carriage return without a line feed');
    } else if (quoted === 'closed') {
      throw bad(line, 'text after a closing quote');
    } else if (character === '"' && field === '') {
      quoted = 'inside';
    } else {
      field += character;
    }
  }
  if (quoted === ('inside' as typeof quoted)) throw bad(begun, 'a quote is opened and never closed');
  endLine();
  return lines;
}
