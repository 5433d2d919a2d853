import type { Row } from './file.ts';
import { type DecimalMark, isAbsent, parseNumber } from './number.ts';

/** What a column of a file seems to hold, by its first values. */
export type ColumnGuess = 'number' | 'date' | 'text' | 'empty';

export interface FileColumn {
  /** '' where it has none. */
  readonly name: string;
  readonly guess: ColumnGuess;
  /** Different values among the first rows, the most frequent first; of many, some. */
  readonly values: readonly string[];
}

const MOST_VALUES = 50;

export function fileColumns(header: readonly string[], rows: readonly Row[], mark: DecimalMark): FileColumn[] {
  return header.map((name, at) => {
    const counts = new Map<string, number>();
    const kinds = { number: 0, date: 0, text: 0 };
    for (const { cells } of rows) {
      const cell = cells[at] ?? null;
      const value = String(cell ?? '').trim();
      if (isAbsent(value)) continue;
      counts.set(value, (counts.get(value) ?? 0) + 1);
      const number = typeof cell === 'number' ? cell : parseNumber(value, mark);
      if (typeof number === 'number' || number === 'not_finite') kinds.number += 1;
      else kinds[number === 'a_date' ? 'date' : 'text'] += 1;
    }
    const most = Math.max(kinds.number, kinds.date, kinds.text);
    const guess = (['number', 'date', 'text'] as const).find((kind) => kinds[kind] === most)!;
    const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_VALUES);
    return {
      name,
      guess: most === 0 ? 'empty' : guess,
      values: frequent.map(([value]) => value),
    };
  });
}
