import type { FileColumn } from '@sotto/learner/table/file-column';
import type { Need } from '@sotto/learner/table/layout';
import { placeOf, type TableMapping } from '@sotto/learner/table/mapping';
import type { TableOpening } from '@sotto/learner/table/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { ColumnChoice } from './column-choice.tsx';

interface ColumnMappingProps {
  task: TaskManifest;
  needs: readonly Need[];
  opening: TableOpening;
  mapping: TableMapping;
  onPlace: (name: string, at: number | null) => void;
}

const EXAMPLES = 3;
/** So many fields at first, and so many more each time. */
const PAGE = 60;
/** So many options a page takes in its stride. */
const MOST_OPTIONS = 5000;

/** Which column of the file is which, to be said or put right. */
export function ColumnMapping({ task, needs, opening: { columns }, mapping, onPlace }: ColumnMappingProps) {
  const { t } = useTranslation('data');
  const { columnTitle } = taskWords(task, useLanguage());
  const [most, setMost] = useState(PAGE);
  const shown = needs.slice(0, most);
  const more = needs.length - shown.length;
  const lazy = shown.length * columns.length > MOST_OPTIONS;
  return (
    <div className="grid grid-cols-1 gap-x-5 gap-y-3 sm:grid-cols-2">
      {shown.map((need) => {
        const at = placeOf(mapping, need.name);
        const column = at === null ? undefined : columns[at];
        const unit = need.is === 'number' ? need.column.unit : undefined;
        const title =
          need.is === 'label' ? t('mapping.answer', { name: columnTitle(need.name) }) : columnTitle(need.name);
        return (
          <ColumnChoice
            key={need.name}
            label={unit ? `${title} (${unit})` : title}
            columns={columns}
            at={at}
            lazy={lazy}
            onChoose={(place) => onPlace(need.name, place)}
            hint={
              column &&
              column.values.length > 0 &&
              t('mapping.examples', { examples: column.values.slice(0, EXAMPLES).join(' · ') })
            }
            error={column && need.is === 'number' && misfit(column) ? t('mapping.notNumbers') : undefined}
          />
        );
      })}
      {more > 0 && (
        <div className="sm:col-span-2">
          <Button onClick={() => setMost(most + PAGE)}>
            {t('mapping.more', { count: more, number: formatCount(more) })}
          </Button>
        </div>
      )}
    </div>
  );
}

function misfit({ guess }: FileColumn): boolean {
  return guess === 'text' || guess === 'date';
}
