import type { Fault } from '@sotto/learner/intake/fault';
import type { Words } from '../../words/words.ts';

/** What is wrong, and what to do, in the person's language. */
export function faultWords(t: Words<'data'>, { code, values }: Fault): string {
  // The texts' placeholders are held against the codes' values by the tests of faults, not by types.
  return (t as (key: string, values: object) => string)(`faults.${code}`, values);
}

/** Faults as a CSV table, to go through the file with. */
export function faultTable(t: Words<'data'>, faults: readonly Fault[]): string {
  const field = (value: string | number | undefined) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const header = [
    t('faultList.columns.file'),
    t('faultList.columns.line'),
    t('faultList.columns.column'),
    t('faultList.columns.what'),
  ];
  const rows = faults.map((fault) => [fault.values.file, fault.values.line, fault.values.column, faultWords(t, fault)]);
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
