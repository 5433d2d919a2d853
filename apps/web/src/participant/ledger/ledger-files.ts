import type { LedgerEntry } from '@sotto/participant/ledger';

const COLUMNS = ['when', 'task', 'round', 'message', 'nature', 'bytes', 'sha256', 'plan'] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

function rowOf(task: string, { at, round, name, nature, bytes, digest, planHash }: LedgerEntry): Row {
  return {
    when: new Date(at).toISOString(),
    task,
    round,
    message: name,
    nature,
    bytes,
    sha256: digest,
    plan: planHash,
  };
}

/** One JSON object a line (jsonlines.org), oldest first. */
export function ledgerLines(task: string, entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(rowOf(task, entry))}\n`).join('');
}

/** The same as CSV (RFC 4180). No value holds a comma, quote or line break; what is unknown is empty. */
export function ledgerCsv(task: string, entries: readonly LedgerEntry[]): string {
  const rows = entries.map((entry) => {
    const row = rowOf(task, entry);
    return COLUMNS.map((column) => row[column] ?? '').join(',');
  });
  return [COLUMNS.join(','), ...rows].map((line) => `${line}\r\n`).join('');
}
