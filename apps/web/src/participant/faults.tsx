import { formatPlural } from '../ui/quantity.ts';

/** What could not be used, each with its reason. Nothing is skipped without a word. */
export function Faults({ faults, what }: { faults: readonly { where: string; why: string }[]; what: string }) {
  if (faults.length === 0) return null;
  return (
    <div role="alert" data-testid="faults" className="rounded-xl border border-warn/40 bg-warn-soft px-4 py-3 text-sm">
      <p className="font-medium text-warn">{formatPlural(faults.length, what)} could not be used</p>
      <ul className="mt-2 max-h-48 space-y-1 overflow-auto" aria-label="What could not be used">
        {faults.map(({ where, why }) => (
          <li key={`${where}/${why}`} className="[overflow-wrap:anywhere]">
            <strong className="font-medium">{where}</strong>: {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
