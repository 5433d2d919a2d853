import { inputWidth } from '@sotto/protocol/task';
import type { Dataset } from '../dataset.ts';
import { collectFaults, type Fault, type Faults, fault } from '../intake/fault.ts';
import { encodeText } from '../text/features.ts';
import { type Cell, type CellFault, encodeRow } from './encoding.ts';
import { needsOf, type TableLayout, valuesOf } from './layout.ts';
import { meantBy, placeOf, type TableMapping } from './mapping.ts';
import { type DecimalMark, isAbsent } from './number.ts';

/** A value that is none of those a column may have, and how often it occurs. */
export interface UnknownValue {
  readonly value: string;
  readonly count: number;
}

export interface TableReading {
  /** Null where no row could be used. */
  readonly dataset: Dataset | null;
  readonly faults: Faults;
  /** Rows that hold a value which the person wants left out. */
  readonly leftOut: number;
  /** By needed name: values that nobody has explained yet, the most frequent first. */
  readonly unknown: Readonly<Record<string, readonly UnknownValue[]>>;
}

export interface TableExamples {
  /** Takes a row in, or counts it where no more fit; `line` as it is told to people. */
  add(line: number, cells: readonly Cell[]): void;
  /** What is wrong with a line that has no cells, or with the file. */
  addFault(fault: Fault): void;
  result(): TableReading;
}

interface Options {
  readonly file: string;
  readonly layout: TableLayout;
  readonly mapping: TableMapping;
  readonly header: readonly string[];
  readonly mark: DecimalMark;
  /** How many bytes of inputs a page may hold. */
  readonly mostBytes?: number;
}

/** One such dataset, its copy in the training worker and a copy while it is handed over fit into a small laptop. */
const MOST_BYTES = 400_000_000;
const MOST_UNKNOWN = 50;
const FIRST_ROOM = 256;

/** Turns rows of a file into examples, one after another; a bad row costs only itself. */
export function collectExamples({
  file,
  layout,
  mapping,
  header,
  mark,
  mostBytes = MOST_BYTES,
}: Options): TableExamples {
  const { columns, text, label, classes } = layout;
  const place = (name: string) => placeOf(mapping, name) ?? -1;
  const places = columns.map(({ name }) => place(name));
  const [textPlace, labelPlace] = [text ? place(text.name) : -1, place(label)];
  const width = text ? text.input.buckets : inputWidth(columns);
  const listed = needsOf(layout).flatMap((need) => {
    const allowed = valuesOf(need);
    return allowed ? [{ need, name: need.name, allowed, at: place(need.name) }] : [];
  });
  const faults = collectFaults();
  const unknown = new Map(listed.map(({ name }) => [name, new Map<string, number>()]));
  const inputs = growing(width, text !== null);
  const labels: number[] = [];
  const most = Math.floor(mostBytes / (width * (text ? 1 : 4)));
  let rows = 0;
  let leftOut = 0;
  let beyond = 0;

  /** The row with its listed values as the task writes them; null: it is left out. */
  function translate(cells: readonly Cell[]): readonly Cell[] | null {
    let changed: Cell[] | undefined;
    for (const { need, name, allowed, at } of listed) {
      const cell = cells[at];
      if (cell === null || cell === undefined) continue;
      const value = String(cell).trim();
      const meant = meantBy(value, need, allowed, mapping);
      if (meant === null) return null;
      if (meant !== cell) {
        changed ??= [...cells];
        changed[at] = meant;
      }
      if (!allowed.includes(meant) && !isAbsent(meant)) tally(unknown.get(name)!, value);
    }
    return changed ?? cells;
  }

  /** The column as the file calls it: there it must be found. */
  function inFile({ column, ...values }: CellFault['values']): CellFault['values'] {
    return column === undefined ? values : { ...values, column: header[place(String(column))] || column };
  }

  function encode(cells: readonly Cell[], label: number): CellFault | undefined {
    const { array, at } = inputs.next();
    if (text && array instanceof Uint8Array) {
      if (encodeText(String(cells[textPlace] ?? ''), text.input, array, at) === 0)
        return { code: 'text_empty', values: { column: text.name } };
    } else if (array instanceof Float32Array) {
      const found = encodeRow(
        columns,
        places.map((j) => cells[j] ?? null),
        array,
        at,
        mark,
      );
      if (found) return found;
    }
    inputs.keep();
    labels.push(label);
    return undefined;
  }

  function faultIn(cells: readonly Cell[]): CellFault | undefined {
    // Some programs end every line with a separator.
    const surplus = cells.slice(header.length).some((cell) => String(cell ?? '').trim() !== '');
    if (cells.length < header.length || surplus)
      return { code: 'fields_count', values: { fields: cells.length, expected: header.length } };
    const row = translate(cells);
    if (row === null) {
      leftOut += 1;
      return undefined;
    }
    const value = String(row[labelPlace] ?? '').trim();
    const answer = classes.indexOf(value);
    const input = answer === -1 ? undefined : encode(row, answer);
    if (input || answer !== -1) return input;
    return value === ''
      ? { code: 'class_missing', values: { column: label } }
      : { code: 'unknown_class', values: { column: label, value, classes: classes.join(', ') } };
  }

  return {
    add(line, cells) {
      rows += 1;
      if (labels.length >= most) {
        beyond += 1;
        return;
      }
      const found = faultIn(cells);
      if (found) faults.add(fault(found.code, { file, line, ...inFile(found.values) }));
    },
    addFault(found) {
      rows += 1;
      faults.add(found);
    },
    result() {
      if (rows === 0) faults.add(fault('no_rows', { file }));
      if (beyond > 0) faults.add(fault('rows_beyond', { file, most, left: beyond }), beyond);
      return {
        dataset:
          labels.length === 0
            ? null
            : { inputs: inputs.all(), shape: [width], scale: 1, labels: Int32Array.from(labels) },
        faults: faults.faults(),
        leftOut,
        unknown: Object.fromEntries(
          [...unknown].map(([name, counts]) => [
            name,
            [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count),
          ]),
        ),
      };
    },
  };
}

function tally(counts: Map<string, number>, value: string): void {
  if (counts.has(value) || counts.size < MOST_UNKNOWN) counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** Room for rows that grows as they come. A row is written at `next()`; without `keep()` the next overwrites it. */
function growing(width: number, bytes: boolean) {
  const room = (rows: number) => (bytes ? new Uint8Array(rows * width) : new Float32Array(rows * width));
  let array = room(FIRST_ROOM);
  let kept = 0;
  return {
    next() {
      if ((kept + 1) * width > array.length) {
        const larger = room(2 * kept);
        larger.set(array);
        array = larger;
      }
      return { array, at: kept * width };
    },
    keep() {
      kept += 1;
    },
    all: () => array.slice(0, kept * width),
  };
}
