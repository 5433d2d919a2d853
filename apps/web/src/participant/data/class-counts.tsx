import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/quantity.ts';
import { classBalance, LEAST_EXAMPLES } from './class-balance.ts';

/** Examples of each class, and what the balance between them means. Every class is listed: a missing one is worth seeing. */
export function ClassCounts({ classes, labels }: { classes: readonly string[]; labels: Int32Array }) {
  const { t } = useTranslation('data');
  const { counts, empty, few, uneven } = classBalance(labels, classes.length);
  const most = Math.max(1, ...counts);
  const named = (places: readonly number[]) => places.map((i) => classes[i]).join(', ');
  return (
    <div className="space-y-3 text-sm">
      <ul
        aria-label={t('balance.label')}
        // Short names leave room for two side by side on a phone.
        className={`grid gap-x-6 gap-y-2 ${classes.every(({ length }) => length < 4) ? 'grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))]' : 'grid-cols-[repeat(auto-fill,minmax(11rem,1fr))]'}`}
      >
        {classes.map((name, i) => (
          <li key={name} className="grid grid-cols-[minmax(1.25rem,auto)_1fr_auto] items-center gap-2">
            <span className="truncate">{name}</span>
            <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${(100 * counts[i]!) / most}%` }}
              />
            </span>
            <span className={counts[i] === 0 ? 'font-medium text-warn' : 'text-muted'}>{formatCount(counts[i]!)}</span>
          </li>
        ))}
      </ul>
      <ul className="space-y-1 text-warn empty:hidden" data-testid="balance-warnings">
        {empty.length > 0 && <li>{t('balance.empty', { count: empty.length, classes: named(empty) })}</li>}
        {few.length > 0 && (
          <li>{t('balance.few', { count: few.length, classes: named(few), least: LEAST_EXAMPLES })}</li>
        )}
        {uneven && (
          <li>
            {t('balance.uneven', {
              most: classes[uneven.most],
              least: classes[uneven.least],
              times: formatCount(Math.floor(counts[uneven.most]! / counts[uneven.least]!)),
            })}
          </li>
        )}
      </ul>
    </div>
  );
}
