import { listClasses } from '@sotto/learner/intake/pictures/classes';
import { layoutOf } from '@sotto/learner/table/layout';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { ClassCounts } from './class-counts.tsx';
import { FileDrop } from './file-drop.tsx';
import type { SourceProps } from './source.ts';
import { TableFile } from './table-file.tsx';
import { useTableFiles } from './use-table-files.ts';

/** The person's own tables: CSV or Parquet files, whatever their columns are called. */
export function OwnTable({ task, onChange }: SourceProps) {
  const { t } = useTranslation('data');
  const { classes, columnTitle } = taskWords(task, useLanguage());
  const layout = useMemo(() => layoutOf(task)!, [task]);
  const { tables, data, add, map, setHeadless, remove } = useTableFiles(layout, onChange);
  return (
    <div className="space-y-5">
      <FileDrop label={t('table.choose')} accept=".csv,.tsv,.tab,.txt,.data,.parquet,text/csv" onFiles={add}>
        <p>
          {layout.text
            ? t('table.howText', { label: layout.label, classes: listClasses(classes) })
            : t('table.how', {
                count: layout.columns.length,
                number: formatCount(layout.columns.length),
                label: layout.label,
                classes: listClasses(classes),
              })}
        </p>
        {!layout.text && (
          <details className="mt-2">
            <summary className="inline-block py-2 underline underline-offset-4">{t('table.which')}</summary>
            <p className="mt-1 [overflow-wrap:anywhere]">
              {[...layout.columns.map(({ name }) => columnTitle(name)), layout.label].join(', ')}
            </p>
          </details>
        )}
      </FileDrop>
      {tables.map((table) => (
        <TableFile
          key={table.id}
          task={task}
          layout={layout}
          table={table}
          onHeadless={(headless) => setHeadless(table.id, headless)}
          onMap={(mapping) => map(table.id, mapping)}
          onRemove={() => remove(table.id)}
        />
      ))}
      {data && (
        <div className="space-y-4">
          <p data-testid="data-ready" className="font-medium">
            {t('table.ready', { count: data.labels.length, number: formatCount(data.labels.length) })}
          </p>
          <ClassCounts classes={classes} labels={data.labels} />
        </div>
      )}
    </div>
  );
}
