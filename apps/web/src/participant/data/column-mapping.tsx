import type { Need } from '@sotto/learner/table/layout';
import { placeOf, type TableMapping } from '@sotto/learner/table/mapping';
import type { FileColumn, TableOpening } from '@sotto/learner/table/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { useTranslation } from 'react-i18next';
import { ChoiceField } from '../../ui/field.tsx';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';

interface ColumnMappingProps {
  task: TaskManifest;
  needs: readonly Need[];
  opening: TableOpening;
  mapping: TableMapping;
  onPlace: (name: string, at: number | null) => void;
}

const EXAMPLES = 3;

/** Which column of the file is which, to be said or put right. */
export function ColumnMapping({ task, needs, opening: { columns }, mapping, onPlace }: ColumnMappingProps) {
  const { t } = useTranslation('data');
  const { columnTitle } = taskWords(task, useLanguage());
  return (
    <div className="grid grid-cols-1 gap-x-5 gap-y-3 sm:grid-cols-2">
      {needs.map((need) => {
        const at = placeOf(mapping, need.name);
        const column = at === null ? undefined : columns[at];
        const unit = need.is === 'number' ? need.column.unit : undefined;
        const title = need.is === 'label' ? t('mapping.answer', { name: need.name }) : columnTitle(need.name);
        return (
          <ChoiceField
            key={need.name}
            label={unit ? `${title} (${unit})` : title}
            value={at ?? ''}
            onChange={({ target: { value } }) => onPlace(need.name, value === '' ? null : Number(value))}
            hint={
              column &&
              column.values.length > 0 &&
              t('mapping.examples', { examples: column.values.slice(0, EXAMPLES).join(' · ') })
            }
            error={column && need.is === 'number' && misfit(column) ? t('mapping.notNumbers') : undefined}
          >
            <option value="">{t('mapping.choose')}</option>
            {columns.map(({ name }, place) => (
              <option key={place} value={place}>
                {name === '' ? t('mapping.nameless', { place: place + 1 }) : name}
              </option>
            ))}
          </ChoiceField>
        );
      })}
    </div>
  );
}

function misfit({ guess }: FileColumn): boolean {
  return guess === 'text' || guess === 'date';
}
