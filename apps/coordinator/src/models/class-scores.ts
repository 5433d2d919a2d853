import type { ClassScore } from '@sotto/protocol/admin/models';

/**
 * Precision TP/(TP+FP), recall TP/(TP+FN) and their harmonic mean, of each class against all others.
 * @param confusion  [truth][prediction], counts
 */
export function classScores(names: readonly string[], confusion: readonly (readonly number[])[]): ClassScore[] {
  return names.map((name, at) => {
    const right = confusion[at]?.[at] ?? 0;
    const examples = sum(confusion[at] ?? []);
    const predicted = sum(confusion.map((row) => row[at] ?? 0));
    return {
      name,
      examples,
      predicted,
      precision: share(right, predicted),
      recall: share(right, examples),
      f1: share(2 * right, examples + predicted),
    };
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
