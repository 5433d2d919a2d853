import type { Need } from '@sotto/learner/table/layout';
import type { TaskManifest } from '@sotto/protocol/task';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import type { ForeignValue } from './table-needs.ts';

interface ValueMappingProps {
  task: TaskManifest;
  need: Need;
  allowed: readonly string[];
  values: readonly ForeignValue[];
  /** Of so many nobody knows the meaning. */
  open: number;
  onMean: (value: string, meaning: string | null | undefined) => void;
}

const SHOWN = 12;
/** Options cannot hold null; class names are never empty. */
const LEAVE_OUT = '\u0000';

/** What a file's own words stand for: `M` for malignant. */
export function ValueMapping({ task, need, allowed, values, open, onMean }: ValueMappingProps) {
  const { t } = useTranslation('data');
  const id = useId();
  const { classes, columnTitle } = taskWords(task, useLanguage());
  const word = (value: string, i: number) => (need.is === 'label' ? (classes[i] ?? value) : value);
  const title = need.is === 'label' ? t('mapping.answer', { name: columnTitle(need.name) }) : columnTitle(need.name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend would lie across the border, in two lines on a phone.
    <div
      role="group"
      aria-labelledby={id}
      className={`min-w-0 rounded-xl border px-4 pt-3 pb-4 text-sm ${open > 0 ? 'border-warn/40 bg-warn-soft' : 'border-line'}`}
      data-testid="values"
    >
      <p id={id} className="font-medium">
        {t('values.title', { column: title })}
      </p>
      <ul className="mt-3 space-y-2">
        {values.slice(0, SHOWN).map(({ value, count, meaning }, at) => (
          <li
            key={value}
            className="grid grid-cols-1 items-center gap-x-3 gap-y-1 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
          >
            <label htmlFor={`${id}-${at}`} className="[overflow-wrap:anywhere]">
              <q>{value}</q>
              {count !== null && (
                <span className="text-muted"> ({t('values.rows', { count, number: formatCount(count) })})</span>
              )}
            </label>
            <select
              id={`${id}-${at}`}
              value={meaning === undefined ? '' : (meaning ?? LEAVE_OUT)}
              onChange={({ target }) =>
                onMean(value, target.value === '' ? undefined : target.value === LEAVE_OUT ? null : target.value)
              }
              className="min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3"
            >
              <option value="">{t('values.unsaid')}</option>
              {allowed.map((other, i) => (
                <option key={other} value={other}>
                  {t('values.means', { meaning: word(other, i) })}
                </option>
              ))}
              <option value={LEAVE_OUT}>{t('values.leaveOut')}</option>
            </select>
          </li>
        ))}
      </ul>
      {values.length > SHOWN && <p className="mt-3 text-muted">{t('values.more', { count: values.length - SHOWN })}</p>}
    </div>
  );
}
