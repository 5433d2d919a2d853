import { canonicalJson } from '@sotto/protocol/digest';
import type { Expectation } from '../vault.ts';

/** Whether `stored` is what was expected: the same JSON, or nothing where nothing was expected. */
export function isAsExpected(stored: unknown, { value }: Expectation): boolean {
  if (stored === undefined || value === undefined) return stored === value;
  return canonicalJson(stored) === canonicalJson(value);
}
