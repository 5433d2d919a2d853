import { useInfiniteQuery } from '@tanstack/react-query';
import { FailedRequest } from '../../api/failed-request.tsx';
import { auditQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatDate } from '../../ui/quantity.ts';

/** Who did what and when, refused attempts to sign in included. */
export function Audit() {
  const query = useInfiniteQuery(auditQuery);
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Card title="What was done here" testId="audit">
      {query.error && <FailedRequest error={query.error} query={query} />}
      <ol className="divide-y divide-line text-sm">
        {entries.map(({ entry, at, who, action, detail }) => (
          <li key={entry} className="py-2" data-testid="audit-entry">
            <p className="[overflow-wrap:anywhere]">
              <span className="font-medium">{action}</span> by {who}
              <span className="text-muted"> · {formatDate(at)}</span>
            </p>
            <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">{describe(detail)}</p>
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button look="quiet" disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
          Older
        </Button>
      )}
    </Card>
  );
}

/** `task mnist, verdict revoked`; nested values as JSON, all within a line or two. */
function describe(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return '';
  const text = Object.entries(detail)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? shorten(value) : JSON.stringify(value)}`)
    .join(', ');
  return text.length > 160 ? `${text.slice(0, 160)} …` : text;
}

/** As fingerprints are shown everywhere: what follows the first digits of a digest tells a reader nothing. */
function shorten(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 4)} ${text.slice(4, 8)}` : text;
}
