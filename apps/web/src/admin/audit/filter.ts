import type { AuditFilter } from '@sotto/protocol/admin/evidence';

/** What of the log is shown, as it stands in the page's address: days are the reader's own, and both are included. */
export function filterOf(search: URLSearchParams): AuditFilter {
  const text = (name: string) => search.get(name) || undefined;
  const since = startOf(search.get('since'), 0);
  const until = startOf(search.get('until'), 1);
  return {
    ...(text('who') !== undefined && { who: text('who') }),
    ...(text('action') !== undefined && { action: text('action') }),
    ...(text('search') !== undefined && { search: text('search')?.slice(0, 200) }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

/** When that many days after the day begins, milliseconds; undefined where it is no day. */
function startOf(day: string | null, days: number): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '') ?? [];
  const at = new Date(Number(year), Number(month) - 1, Number(date) + days).getTime();
  return Number.isFinite(at) && at >= 0 ? at : undefined;
}

/** The actions to choose from: by what was done, not by how it went. */
export function actionNames(actions: readonly string[]): string[] {
  return [...new Set(actions.map((action) => action.replace(/: (begun|refused|failed)$/, '')))].sort();
}
