import type { AuditFilter } from '@sotto/protocol/admin/evidence';
import type { AuditEntry } from '@sotto/protocol/views';
import { formatCsv } from './metrics-out/csv.ts';
import type { AuditLog } from './store/audit-log.ts';

const ENTRIES_AT_ONCE = 200;
const COLUMNS = ['entry', 'at', 'who', 'action', 'detail'] as const;

/** The audit log as text, the newest entry first, a page of it at a time; details are JSON. */
export async function* auditLines(
  { auditEntries }: Pick<AuditLog, 'auditEntries'>,
  filter: AuditFilter,
  format: 'csv' | 'jsonl',
): AsyncGenerator<string> {
  if (format === 'csv') yield formatCsv(COLUMNS, []);
  for (let before: number | undefined; ; ) {
    const entries = await auditEntries(ENTRIES_AT_ONCE, before, filter);
    if (entries.length === 0) return;
    yield format === 'csv' ? asCsv(entries) : entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    before = entries.at(-1)!.entry;
  }
}

function asCsv(entries: readonly AuditEntry[]): string {
  const rows = entries.map(({ entry, at, who, action, detail }) => ({
    entry,
    at: new Date(at).toISOString(),
    who,
    action,
    detail: JSON.stringify(detail),
  }));
  return formatCsv(COLUMNS, rows, false);
}
