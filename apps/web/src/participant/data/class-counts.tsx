import { formatCount } from '../../ui/quantity.ts';

/** Examples of each class. Every class is listed: a missing one is worth seeing. */
export function ClassCounts({ classes, labels }: { classes: readonly string[]; labels: Int32Array }) {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label]!++;
  const most = Math.max(1, ...counts);
  return (
    <ul
      aria-label="Examples of each kind"
      className="grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-x-5 gap-y-1.5 text-sm"
    >
      {classes.map((name, i) => (
        <li key={name} className="grid grid-cols-[minmax(1.25rem,auto)_1fr_auto] items-center gap-2">
          <span className="truncate">{name}</span>
          <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-sunken">
            <span className="block h-full rounded-full bg-accent" style={{ width: `${(100 * counts[i]!) / most}%` }} />
          </span>
          <span className="text-muted">{formatCount(counts[i]!)}</span>
        </li>
      ))}
    </ul>
  );
}
