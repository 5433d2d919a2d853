import type { FileColumn } from '@sotto/learner/table/file-column';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceField } from '../../ui/field.tsx';

interface ColumnChoiceProps extends Pick<ComponentProps<typeof ChoiceField>, 'label' | 'hint' | 'error'> {
  columns: readonly FileColumn[];
  at: number | null;
  /** There are many such fields of many columns: the list is there once somebody comes to it. */
  lazy: boolean;
  onChoose: (at: number | null) => void;
}

/** One column of a file. */
export function ColumnChoice({ columns, at, lazy, onChoose, ...field }: ColumnChoiceProps) {
  const { t } = useTranslation('data');
  const [near, setNear] = useState(false);
  const option = (place: number) => (
    <option key={place} value={place}>
      {columns[place]!.name === '' ? t('mapping.nameless', { place: place + 1 }) : columns[place]!.name}
    </option>
  );
  return (
    <ChoiceField
      {...field}
      value={at ?? ''}
      onChange={({ target: { value } }) => onChoose(value === '' ? null : Number(value))}
      // Both come before the list opens.
      onPointerDown={() => setNear(true)}
      onFocus={() => setNear(true)}
      onBlur={() => setNear(false)}
    >
      <option value="">{t('mapping.choose')}</option>
      {near || !lazy ? columns.map((_, place) => option(place)) : at !== null && option(at)}
    </ChoiceField>
  );
}
