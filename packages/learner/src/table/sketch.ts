import { type Fault, fault } from '../intake/fault.ts';
import type { Report } from '../intake/report.ts';
import type { Cell } from './encoding.ts';
import type { BroughtFile, Row } from './file.ts';
import { openTableFile } from './file-opening.ts';
import { type DecimalMark, isAbsent, parseNumber } from './number.ts';

/** What a whole column of somebody's table holds. */
export interface ColumnSketch {
  /** '' where it has none. */
  readonly name: string;
  /** Rows that have a value here. */
  readonly present: number;
  readonly missing: number;
  /** Rows whose value is a number, and what these are; null where none is. `deviation` is that of all of them (÷ n). */
  readonly numbers: {
    readonly count: number;
    readonly mean: number;
    readonly deviation: number;
    readonly least: number;
    readonly most: number;
    /** All are whole numbers. */
    readonly whole: boolean;
  } | null;
  /** Different values and how often each occurs, the most frequent first; null: too many to be kept. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | null;
  /** Mean length of a value, in characters. */
  readonly length: number;
}

export interface TableSketch {
  readonly rows: number;
  readonly columns: readonly ColumnSketch[];
}

/** A task's category, or its answer, has no more values. */
const MOST_VALUES = 1000;
/** A longer one is no name of a category. */
const LONGEST_VALUE = 200;

/** Reads a table to its end, to say what its columns hold. @returns a fault where there is no table in the file */
export async function sketchTable(file: BroughtFile, report: Report): Promise<TableSketch | Fault> {
  const table = await openTableFile(file, () => false);
  if ('code' in table) return table;
  const { header, mark } = table;
  const gatherers = header.map((name) => gatherColumn(name, mark));
  let rows = 0;
  const broken = await table.readRows(
    [...header.keys()],
    {
      onRow({ cells }: Row) {
        rows += 1;
        for (const [at, gatherer] of gatherers.entries()) gatherer.add(cells[at] ?? null);
      },
      // Which lines cannot be read is told when its rows become examples.
      onBadLine: () => {},
      onGarbledLine: () => {},
    },
    report,
  );
  if (broken) return broken;
  if (rows === 0) return fault('no_rows', { file: file.name });
  return { rows, columns: gatherers.map(({ result }) => result()) };
}

function gatherColumn(name: string, mark: DecimalMark): { add: (cell: Cell) => void; result: () => ColumnSketch } {
  const counts = new Map<string, number>();
  let [present, missing, characters] = [0, 0, 0];
  let tooMany = false;
  // Welford: Σ(x − mean)² without the cancellation of Σx² − n·mean².
  let [count, mean, squares] = [0, 0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let whole = true;
  return {
    add(cell) {
      const value = String(cell ?? '').trim();
      const number = typeof cell === 'number' ? cell : parseNumber(value, mark);
      if (isAbsent(value) || number === 'not_finite' || Number.isNaN(number)) {
        missing += 1;
        return;
      }
      present += 1;
      characters += value.length;
      if (!tooMany) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
        tooMany = counts.size > MOST_VALUES || value.length > LONGEST_VALUE;
        if (tooMany) counts.clear();
      }
      if (typeof number !== 'number' || !Number.isFinite(number)) return;
      count += 1;
      const beyond = number - mean;
      mean += beyond / count;
      squares += beyond * (number - mean);
      least = Math.min(least, number);
      most = Math.max(most, number);
      whole &&= Number.isInteger(number);
    },
    result: () => ({
      name: name.trim(),
      present,
      missing,
      numbers: count === 0 ? null : { count, mean, deviation: Math.sqrt(squares / count), least, most, whole },
      values: tooMany
        ? null
        : [...counts].sort(([, a], [, b]) => b - a).map(([value, times]) => ({ value, count: times })),
      length: present === 0 ? 0 : characters / present,
    }),
  };
}
