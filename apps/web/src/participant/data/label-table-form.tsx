import type { LabelMapping } from '@sotto/learner/intake/pictures/label-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { ClassChoice } from './class-choice.tsx';
import type { AddedTable } from './use-picture-files.ts';

interface LabelTableFormProps {
  asking: AddedTable;
  classes: readonly string[];
  onMap: (mapping: LabelMapping) => void;
  onTake: () => void;
  onDrop: () => void;
}

/** Asks what a table of labels does not say by itself: which columns are meant, and what its values mean. */
export function LabelTableForm({ asking, classes, onMap, onTake, onDrop }: LabelTableFormProps) {
  const { t } = useTranslation('data');
  const { table, files, labelling } = asking;
  const [file, setFile] = useState(labelling.file);
  const [label, setLabel] = useState(labelling.label);
  const [values, setValues] = useState<Readonly<Record<string, number>>>({});
  const labelled = labelling.labels.filter((found) => found !== null).length;

  function tell(next: { file: number | null; label: number | null; values: Readonly<Record<string, number>> }): void {
    setFile(next.file);
    setLabel(next.label);
    setValues(next.values);
    if (next.file !== null && next.label !== null) onMap({ file: next.file, label: next.label, values: next.values });
  }

  const columns = (
    <>
      <option value="" disabled>
        {t('labels.choose')}
      </option>
      {labelling.columns.map((name, i) => (
        <option key={i} value={i}>
          {name || i + 1}
        </option>
      ))}
    </>
  );
  return (
    <section aria-label={table.path} className="space-y-4 rounded-xl border border-line p-4" data-testid="label-table">
      <p className="text-sm">{t('labels.intro', { file: table.path })}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoiceField
          label={t('labels.file')}
          value={file ?? ''}
          onChange={({ target }) => tell({ file: Number(target.value), label, values })}
        >
          {columns}
        </ChoiceField>
        <ChoiceField
          label={t('labels.label')}
          value={label ?? ''}
          onChange={({ target }) => tell({ file, label: Number(target.value), values: {} })}
        >
          {columns}
        </ChoiceField>
      </div>
      {file !== null && label !== null && (
        <fieldset>
          <legend className="text-sm font-medium">{t('labels.values')}</legend>
          <ul className="mt-2 grid gap-2 text-sm sm:grid-cols-2">
            {labelling.values.map(({ value, count, label: taken }) => (
              <li key={value} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-3">
                <span className="truncate">
                  {value} <span className="text-muted">× {formatCount(count)}</span>
                </span>
                <ClassChoice
                  classes={classes}
                  aria-label={t('labels.means', { value })}
                  value={taken ?? ''}
                  onChange={({ target }) => tell({ file, label, values: { ...values, [value]: Number(target.value) } })}
                >
                  <option value="" disabled>
                    {t('labels.noClass')}
                  </option>
                </ClassChoice>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" disabled={labelled === 0} onClick={onTake}>
          {t('labels.take', { count: labelled, number: formatCount(labelled) })}
        </Button>
        <Button onClick={onDrop}>{t('labels.drop')}</Button>
        {labelled < files.length && (
          <span className="text-sm text-muted">
            {t('labels.left', { count: files.length - labelled, number: formatCount(files.length - labelled) })}
          </span>
        )}
      </div>
    </section>
  );
}
