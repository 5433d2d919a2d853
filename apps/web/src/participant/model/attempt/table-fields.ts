import type { Dataset } from '@sotto/learner/dataset';
import { encodeRow } from '@sotto/learner/table/encoding';
import { sizeOf } from '@sotto/protocol/safetensors';
import { type Column, columnWidth, inputWidth } from '@sotto/protocol/task';
import { formatExact } from '../../../ui/quantity.ts';
import type { Words } from '../../../words/words.ts';

/** What stands between whole and decimals where the person lives. */
export type Mark = 'point' | 'comma';

export function markOf(language: string): Mark {
  const parts = new Intl.NumberFormat(language).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? 'comma' : 'point';
}

/** A value as it stands in a field: no more digits than 32 bits hold. */
export function writeNumber(value: number, mark: Mark): string {
  const text = String(Number(value.toPrecision(6)));
  return mark === 'comma' ? text.replace('.', ',') : text;
}

/** Writes one field as the model takes it. @returns what is wrong with it. */
function encodeField(column: Column, field: string, mark: Mark, into: Float32Array) {
  const fault = encodeRow([column], [field], into, 0, mark);
  // 0.5 is meant as 0,5 by whoever copied it; 1.234 may mean two things and stays refused.
  return fault && column.type === 'number' && fault.code !== 'out_of_range'
    ? encodeRow([column], [field], into, 0, 'either') && fault
    : fault;
}

const SAID = ['value_missing', 'out_of_range', 'thousands'] as const;

/** What is wrong with a field, in words; undefined: nothing. */
export function faultOf(t: Words<'model'>, column: Column, field: string, mark: Mark): string | undefined {
  const fault = encodeField(column, field, mark, new Float32Array(columnWidth(column)));
  if (!fault) return undefined;
  const code = SAID.find((each) => each === fault.code) ?? 'not_a_number';
  const say = (value: unknown) => formatExact(Number(value));
  return t(`faults.${code}`, { least: say(fault.values.least), most: say(fault.values.most) });
}

/** The row as the model takes it; null while a field cannot be used. */
export function encodeFields(
  columns: readonly Column[],
  fields: readonly string[],
  mark: Mark,
): Float32Array<ArrayBuffer> | null {
  const inputs = new Float32Array(inputWidth(columns));
  let at = 0;
  for (const [i, column] of columns.entries()) {
    const width = columnWidth(column);
    if (encodeField(column, fields[i] ?? '', mark, inputs.subarray(at, at + width))) return null;
    at += width;
  }
  return inputs;
}

/** The fields of an example, as if somebody had filled them in. A missing value that was filled reads as what it was filled with. */
export function fieldsOf(
  columns: readonly Column[],
  { inputs, shape }: Dataset,
  example: number,
  mark: Mark,
): string[] {
  let at = example * sizeOf(shape);
  return columns.map((column) => {
    const from = at;
    at += columnWidth(column);
    if (column.type === 'category') return column.values[inputs.subarray(from, at).indexOf(1)] ?? '';
    return writeNumber(inputs[from]! * column.deviation + column.mean, mark);
  });
}

/** A form to begin with: the mean of each column of numbers, the first of categories. */
export function averageFields(columns: readonly Column[], mark: Mark): string[] {
  return columns.map((column) => (column.type === 'number' ? writeNumber(column.mean, mark) : column.values[0]!));
}

export interface FieldGroup {
  /** What the titles of its fields have in common; empty: nothing. */
  readonly title: string;
  readonly first: number;
  /** The place after its last field. */
  readonly end: number;
}

/** More fields than this are put in groups that open and close. */
const MOST_TOGETHER = 12;
const GROUP = 10;

/** Fields in groups of ten, in their order; few stay together. */
export function groupFields(titles: readonly string[]): readonly FieldGroup[] {
  if (titles.length <= MOST_TOGETHER) return [{ title: '', first: 0, end: titles.length }];
  const groups = Math.ceil(titles.length / GROUP);
  return Array.from({ length: groups }, (_, i) => {
    const [first, end] = [i * GROUP, Math.min(titles.length, (i + 1) * GROUP)];
    return { title: commonWords(titles.slice(first, end)), first, end };
  });
}

/** The words at the end, or else the beginning, of every title: “Radius, mean” and “Area, mean” have “mean” in common. */
function commonWords(titles: readonly string[]): string {
  const words = titles.map((title) => title.split(/[\s,;:()_]+/).filter(Boolean));
  const shared = (lists: readonly (readonly string[])[]) => {
    let count = 0;
    while (lists.every((list) => list.length > count + 1 && list[count] === lists[0]![count])) count++;
    return lists[0]!.slice(0, count);
  };
  const ends = shared(words.map((list) => list.toReversed())).reverse();
  return (ends.length > 0 ? ends : shared(words)).join(' ');
}
