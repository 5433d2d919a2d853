import { inputWidth } from '@sotto/protocol/task';
import type { FaultCode } from '../intake/fault.ts';
import { type Cell, encodeRow } from './encoding.ts';
import { type Need, valuesOf } from './layout.ts';
import { meantBy, type TableMapping } from './mapping.ts';
import type { DecimalMark } from './number.ts';

/** What is wrong with one cell for what is needed of it; null: nothing, or its row is left out. */
export function checkCell(need: Need, cell: Cell, mapping: TableMapping, mark: DecimalMark): FaultCode | null {
  const value = String(cell ?? '').trim();
  if (need.is === 'text') return value === '' ? 'text_empty' : null;
  const allowed = valuesOf(need);
  const meant = allowed && cell !== null ? meantBy(value, need, allowed, mapping) : cell;
  if (allowed && cell !== null && meant === null) return null;
  if (need.is === 'label')
    return value === '' ? 'class_missing' : need.classes.includes(String(meant)) ? null : 'unknown_class';
  return encodeRow([need.column], [meant], new Float32Array(inputWidth([need.column])), 0, mark)?.code ?? null;
}
