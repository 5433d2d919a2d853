import type { AuditEntry } from '@sotto/protocol/views';
import { formatDate } from '../../ui/quantity.ts';

/** Longer details are cut, and can be had whole. */
const MOST_CHARACTERS = 160;

/** What was done, by whom and when, with what it was about. */
export function Entry({ entry: { at, who, action, detail } }: { entry: AuditEntry }) {
  const [, what, how] = /^(.*?)(?:: (begun|refused|failed))?$/s.exec(action) ?? [];
  const text = describe(detail);
  return (
    <li className="grid gap-x-6 py-2.5 sm:grid-cols-[11rem_minmax(0,1fr)]" data-testid="audit-entry">
      <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap text-muted">
        {formatDate(at)}
      </time>
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]">
          <span className="font-medium">{what}</span>
          {how && <span className={how === 'begun' ? 'text-muted' : 'font-medium text-bad'}> {how}</span>} by {who}
        </p>
        {text.length <= MOST_CHARACTERS ? (
          <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">{text}</p>
        ) : (
          <details className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
            <summary className="cursor-pointer">{text.slice(0, MOST_CHARACTERS)} …</summary>
            <pre className="mt-1 overflow-auto rounded bg-sunken p-2 whitespace-pre-wrap">
              {JSON.stringify(detail, null, 2)}
            </pre>
          </details>
        )}
      </div>
    </li>
  );
}

/** `task mnist, verdict revoked`; nested values as JSON. */
function describe(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return '';
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? shorten(value) : JSON.stringify(value)}`)
    .join(', ');
}

/** As fingerprints are shown everywhere: what follows the first digits of a digest tells a reader nothing. */
function shorten(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 4)} ${text.slice(4, 8)}` : text;
}
