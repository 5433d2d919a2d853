import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';

const SHOWN = 50;

/** What could not be used, each with its reason: nothing is skipped without a word. */
export function Faults({ faults, what }: { faults: readonly string[]; what: string }) {
  if (faults.length === 0) return null;
  return (
    <Notice tone="warn" title={`${formatPlural(faults.length, what)} could not be used`} testId="faults">
      <ul className="space-y-1">
        {faults.slice(0, SHOWN).map((fault) => (
          <li key={fault} className="[overflow-wrap:anywhere]">
            {fault}
          </li>
        ))}
      </ul>
      {faults.length > SHOWN && <p className="mt-1 text-muted">… and {formatPlural(faults.length - SHOWN, 'more')}</p>}
    </Notice>
  );
}
