import { type Column, columnWidth } from '@sotto/protocol/task';
import type { FaultCode } from '../intake/fault.ts';
import { type DecimalMark, isAbsent, parseNumber } from './number.ts';

/** One field of a row as its file gave it; null where the file has no value. */
export type Cell = string | number | null;

/** Why a field cannot be used, and where it stands. */
export interface CellFault {
  readonly code: FaultCode;
  readonly values: Readonly<Record<string, string | number>>;
}

/**
 * Writes a row as the model takes it, `inputWidth(columns)` numbers from `into[at]` on: of a number (value − mean) / deviation, of a
 * category a 1 at its value's place and 0 elsewhere. A missing value that may be filled becomes zeros: the mean, or no category.
 * @returns what is wrong with the first field that cannot be used; then `into` is written in part
 */
export function encodeRow(
  columns: readonly Column[],
  cells: readonly Cell[],
  into: Float32Array,
  at = 0,
  mark: DecimalMark = 'point',
): CellFault | undefined {
  let place = at;
  for (const [j, column] of columns.entries()) {
    const fault = encodeCell(column, cells[j] ?? null, into, place, mark);
    if (fault) return { code: fault.code, values: { column: column.name, ...fault.values } };
    place += columnWidth(column);
  }
  return undefined;
}

function encodeCell(
  column: Column,
  cell: Cell,
  into: Float32Array,
  at: number,
  mark: DecimalMark,
): CellFault | undefined {
  const field = typeof cell === 'string' ? cell.trim() : cell;
  into.fill(0, at, at + columnWidth(column));
  if (column.type === 'category') {
    const place = field === null ? -1 : column.values.indexOf(String(field));
    if (place !== -1) {
      into[at + place] = 1;
      return undefined;
    }
  }
  if (field === null || (typeof field === 'string' && isAbsent(field)) || isNaNValue(field))
    return column.missing === 'fill' ? undefined : missingFault(field);
  if (column.type === 'category')
    return { code: 'unknown_category', values: { value: String(field), values: column.values.join(', ') } };
  const value = typeof field === 'number' ? finiteOrFault(field) : parseNumber(field, mark);
  if (typeof value === 'string') return { code: value, values: { value: String(field) } };
  if (column.range && (value < column.range[0] || value > column.range[1]))
    return { code: 'out_of_range', values: { value, least: column.range[0], most: column.range[1] } };
  into[at] = (value - column.mean) / column.deviation;
  // Finite, but too large for what the model computes with.
  return Number.isFinite(into[at]) ? undefined : { code: 'not_finite', values: { value: String(field) } };
}

/** A row that `encodeRow` wrote, back in its own units and words, as exactly as 32 bits tell; what was filled is the mean, or null. */
export function decodeRow(columns: readonly Column[], from: ArrayLike<number>, at = 0): Cell[] {
  let place = at;
  return columns.map((column) => {
    const first = place;
    place += columnWidth(column);
    if (column.type === 'number') return from[first]! * column.deviation + column.mean;
    return column.values.find((_, i) => from[first + i] === 1) ?? null;
  });
}

/** How data frames write a missing number. */
function isNaNValue(field: string | number): boolean {
  return typeof field === 'number' ? Number.isNaN(field) : /^[+-]?nan$/i.test(field);
}

function missingFault(field: string | number | null): CellFault {
  return field !== null && isNaNValue(field)
    ? { code: 'not_finite', values: { value: 'NaN' } }
    : { code: 'value_missing', values: {} };
}

function finiteOrFault(value: number): number | FaultCode {
  return Number.isFinite(value) ? value : 'not_finite';
}
