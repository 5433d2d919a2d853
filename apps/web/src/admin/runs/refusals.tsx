import type { RoundFacts } from '@sotto/protocol/admin/live';
import { formatClock, formatCount } from '../../ui/quantity.ts';

/** Messages of devices that were refused: how many of each kind, and the latest with device and reason. */
export function Refusals({ facts: { refused, refusals } }: { facts: RoundFacts }) {
  const codes = Object.entries(refused).sort(([, a], [, b]) => b - a);
  if (codes.length === 0)
    return (
      <p className="text-sm text-muted" data-testid="refusals">
        No message of a device was refused.
      </p>
    );
  return (
    <div data-testid="refusals" className="text-sm">
      <ul className="flex flex-wrap gap-2">
        {codes.map(([code, count]) => (
          <li key={code} className="rounded-full bg-warn-soft px-3 py-1 text-warn">
            <code>{code}</code> × {formatCount(count)}
          </li>
        ))}
      </ul>
      <ul className="mt-3 divide-y divide-line">
        {refusals.map(({ at, device, kind, rejected, message }, i) => (
          <li key={`${at} ${device} ${i}`} className="py-1.5">
            <span className="text-muted">{formatClock(at)}</span>{' '}
            <code className="text-xs" title={device}>
              {device.slice(0, 16)}
            </code>{' '}
            <span className="text-muted">
              {kind}, {rejected}:
            </span>{' '}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
