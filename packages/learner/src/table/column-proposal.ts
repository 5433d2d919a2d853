import type { Column } from '@sotto/protocol/task';
import type { ColumnSketch, TableSketch } from './sketch.ts';

/** What to make of one column of somebody's table. */
export type ColumnUse = 'number' | 'category' | 'text' | 'label' | 'none';

export interface ColumnProposal {
  readonly name: string;
  readonly use: ColumnUse;
  /** Why it is left out, or what to look at; null where all is plain. */
  readonly note: string | null;
}

/** More are hardly categories: names, dates, numbers of cases. */
const MOST_CATEGORIES = 50;
/** A column is one of numbers where nearly all are: the rest will be told of as bad rows. */
const NUMBER_SHARE = 0.95;
/** Texts are longer than names of things. */
const TEXT_LENGTH = 25;
const MOST_CLASSES = 100;

const LABEL_NAME =
  /^(labels?|class(es)?|targets?|answer|outcome|result|diagnos(is|e)|species|category|type|kind|y|is.*|churn(ed)?|survived)$/i;
const ID_NAME = /^(id|.*[ _.-]id|index|idx|no|nr|number|row|uuid|guid|key|name|unnamed.*|)$/i;

/**
 * What the columns of a table seem to be for, in its order: exactly one is the answer where any can be; for a text task, one is the text
 * and the others are left out. People correct it.
 */
export function proposeColumns({ rows, columns }: TableSketch, kind: 'table' | 'text'): ColumnProposal[] {
  const text = kind === 'text' ? longest(columns) : -1;
  const label = findLabel(columns, rows, text);
  return columns.map((column, at) => {
    const { name } = column;
    if (at === label) return { name, use: 'label', note: null };
    if (at === text) return { name, use: 'text', note: null };
    if (kind === 'text') return { name, use: 'none', note: null };
    const reason = uselessness(column, rows, columns, at);
    if (reason !== null) return { name, use: 'none', note: reason };
    if (isNumber(column)) {
      const { count } = column.numbers!;
      const odd = column.present - count;
      return { name, use: 'number', note: odd === 0 ? null : `${odd} of its values are no numbers` };
    }
    return { name, use: 'category', note: null };
  });
}

function longest(columns: readonly ColumnSketch[]): number {
  const lengths = columns.map((column) => (isNumber(column) ? 0 : column.length));
  const most = Math.max(...lengths);
  return most === 0 ? -1 : lengths.indexOf(most);
}

/** One of few values: the one that is called so, else the last, else the first; −1 where no column has few. */
function findLabel(columns: readonly ColumnSketch[], rows: number, text: number): number {
  const few = [...columns.keys()].filter((at) => {
    const { values, length } = columns[at]!;
    const different = values?.length ?? 0;
    return at !== text && different >= 2 && different <= Math.min(MOST_CLASSES, rows / 2) && length <= TEXT_LENGTH;
  });
  const named = few.filter((at) => LABEL_NAME.test(columns[at]!.name));
  const words = few.filter((at) => !isNumber(columns[at]!));
  const byPlace = (list: readonly number[]) => list.find((at) => at === columns.length - 1) ?? list[0];
  const plain = few.filter((at) => columns[at]!.numbers === null || columns[at]!.numbers!.whole);
  return named.at(-1) ?? byPlace(words) ?? plain.find((at) => at === columns.length - 1) ?? -1;
}

function isNumber({ numbers, present }: ColumnSketch): boolean {
  return numbers !== null && numbers.count >= NUMBER_SHARE * present;
}

/** Why nothing can be learned from a column; null where something may be. */
function uselessness(
  { name, present, values, numbers, length }: ColumnSketch,
  rows: number,
  columns: readonly ColumnSketch[],
  at: number,
): string | null {
  if (name === '') return 'it has no name';
  if (columns.findIndex((other) => other.name === name) !== at) return 'another column has the same name';
  if (present === 0) return 'it is empty';
  if (values?.length === 1) return 'it is the same in every row';
  const distinct = values === null ? rows : values.length;
  const number = isNumber(columns[at]!);
  if (number && numbers!.whole && distinct === present && rows > 10 && ID_NAME.test(name))
    return 'it only numbers the rows';
  if (number) return null;
  if (distinct > MOST_CATEGORIES)
    return length > TEXT_LENGTH ? 'it is text' : `it has ${values === null ? 'too many' : distinct} different values`;
  return distinct * 2 > present ? 'nearly every row has another value' : null;
}

/** Six digits are what people read; the model sees the same. */
const rounded = (value: number) => Number(value.toPrecision(6));

/**
 * A column as the manifest says it. Null where the sketch has not what that takes: numbers that differ, or values that are few.
 */
export function columnFrom(sketch: ColumnSketch, type: Column['type']): Column | null {
  const missing = sketch.missing > 0 ? 'fill' : 'refuse';
  if (type === 'number') {
    const { numbers } = sketch;
    if (!numbers || !(rounded(numbers.deviation) > 0)) return null;
    return { type, name: sketch.name, mean: rounded(numbers.mean), deviation: rounded(numbers.deviation), missing };
  }
  const values = sketch.values?.map(({ value }) => value) ?? [];
  return values.length < 2 ? null : { type, name: sketch.name, values: inOrder(values), missing };
}

/** Values as people list them: numbers by size, words by letters. */
export function inOrder(values: readonly string[]): string[] {
  const numbers = values.every((value) => Number.isFinite(Number(value)));
  return [...values].sort((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0));
}
