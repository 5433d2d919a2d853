import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rows of a task's table, header first, to be written anew in other ways. */
export function rowsOf(task: string, file: string): string[][] {
  const text = readFileSync(join(import.meta.dirname, '../../tasks', task, file), 'utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
}

/** As spreadsheets of many countries write it: semicolons, decimal commas. */
export function withSemicolons(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((field) => field.replace('.', ',')).join(';')).join('\r\n');
}

export function csvFile(name: string, content: string | readonly (readonly string[])[]) {
  const text = typeof content === 'string' ? content : content.map((row) => row.join(',')).join('\n');
  return { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
}
