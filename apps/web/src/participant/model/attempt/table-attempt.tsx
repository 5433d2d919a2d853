import { type Dataset, datasetSize } from '@sotto/learner/dataset';
import { isRejection } from '@sotto/protocol/rejection';
import type { Column } from '@sotto/protocol/task';
import type { TaskView } from '@sotto/protocol/views';
import { type ReactNode, useEffect, useState } from 'react';
import { type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { ChoiceField, TextField } from '../../../ui/field.tsx';
import { formatExact } from '../../../ui/quantity.ts';
import { taskWords } from '../../../words/task-words.ts';
import { useLanguage } from '../../../words/words.ts';
import { fetchSample } from '../../data/sample-data.ts';
import type { PageOptions } from '../../page-options.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { questionOf } from './question.ts';
import {
  averageFields,
  encodeFields,
  type FieldGroup,
  faultOf,
  fieldsOf,
  groupFields,
  type Mark,
  markOf,
} from './table-fields.ts';

interface TableAttemptProps {
  view: TaskView;
  options: PageOptions;
  data: Dataset | null;
  onAsk: (question: Dataset | null) => void;
}

interface Fields {
  readonly fields: string[];
}

/** A form made of the task's columns: change a value, and see the answer change. */
export function TableAttempt({ view, options, data, onAsk }: TableAttemptProps) {
  const { task, sampleExamples } = view;
  const { t } = useTranslation('model');
  const language = useLanguage();
  const { classes, columnTitle } = taskWords(task, language);
  const mark = markOf(language);
  const columns = task.input.columns!;
  const form = useForm<Fields>({ mode: 'onChange', defaultValues: { fields: averageFields(columns, mark) } });
  const fields = useWatch({ control: form.control, name: 'fields' });
  const [origin, setOrigin] = useState<{ truth: number } | 'average' | null>('average');
  const touched = form.formState.isDirty;
  const [fetching, setFetching] = useState(false);
  const [error, setError] = useState<unknown>(null);

  // The values alone are the question, not the array they come in.
  useEffect(() => {
    // Averages are nobody's values: there is nothing to say about them.
    const inputs = origin === 'average' && !touched ? null : encodeFields(columns, fields, mark);
    onAsk(inputs && questionOf(task, inputs));
  }, [JSON.stringify(fields), mark, origin, touched]);

  function fillFrom(examples: Dataset): void {
    const example = Math.floor(Math.random() * datasetSize(examples));
    form.reset({ fields: fieldsOf(columns, examples, example, mark) });
    setOrigin({ truth: examples.labels[example]! });
  }

  async function fillWithSample(): Promise<void> {
    setFetching(true);
    setError(null);
    try {
      const sample = await fetchSample(view, { ...options, limit: 20 });
      if (isRejection(sample)) setError(sample);
      else fillFrom(sample);
    } catch (problem) {
      setError(problem);
    }
    setFetching(false);
  }

  const titles = columns.map(({ name }) => columnTitle(name));
  return (
    <form className="space-y-5" onSubmit={(event) => event.preventDefault()} noValidate>
      <div className="flex flex-wrap gap-3">
        {data ? (
          <Button onClick={() => fillFrom(data)}>{t('attempt.tableOwn')}</Button>
        ) : (
          sampleExamples > 0 && (
            <Button disabled={fetching} onClick={() => void fillWithSample()}>
              {t(fetching ? 'attempt.tableFetching' : 'attempt.tableSample')}
            </Button>
          )
        )}
        <Button
          look="quiet"
          onClick={() => {
            form.reset({ fields: columns.map(() => '') });
            setOrigin(null);
          }}
        >
          {t('attempt.tableClear')}
        </Button>
      </div>
      <p role="status" className="text-sm text-muted empty:hidden" data-testid="table-origin">
        {!touched &&
          (origin === 'average'
            ? t('attempt.tableAverage')
            : origin && t('attempt.tableTruth', { name: classes[origin.truth] }))}
      </p>
      {error !== null && <FailureNotice error={error} />}
      {groupFields(titles).map((group, i, groups) => (
        <Group key={group.first} group={group} alone={groups.length === 1} open={i === 0} count={titles.length}>
          {columns.slice(group.first, group.end).map((column, j) => (
            <ColumnField
              key={column.name}
              column={column}
              title={titles[group.first + j]!}
              place={group.first + j}
              mark={mark}
              form={form}
            />
          ))}
        </Group>
      ))}
    </form>
  );
}

interface GroupProps {
  group: FieldGroup;
  /** There is no other: it needs no name. */
  alone: boolean;
  open: boolean;
  count: number;
  children: ReactNode;
}

function Group({ group: { title, first, end }, alone, open, count, children }: GroupProps) {
  const { t } = useTranslation('model');
  const fields = <div className="grid gap-4 sm:grid-cols-2">{children}</div>;
  if (alone) return fields;
  const values = { first: first + 1, last: end, count, title };
  return (
    <details open={open} className="rounded-xl border border-line">
      <summary className="min-h-11 px-4 py-2.5 text-sm font-medium">
        <span className="inline-block first-letter:uppercase">
          {title ? t('attempt.tableGroup', values) : t('attempt.tableFields', values)}
        </span>
      </summary>
      <div className="px-4 pb-4 pt-1">{fields}</div>
    </details>
  );
}

interface ColumnFieldProps {
  column: Column;
  title: string;
  place: number;
  mark: Mark;
  form: UseFormReturn<Fields>;
}

function ColumnField({ column, title, place, mark, form }: ColumnFieldProps) {
  const { t } = useTranslation('model');
  const check = (value: string) => faultOf(t, column, value, mark) ?? true;
  const field = form.register(`fields.${place}`, { validate: check });
  if (column.type === 'category')
    return (
      <ChoiceField label={title} {...field}>
        {column.missing === 'fill' && <option value="">{t('attempt.tableNone')}</option>}
        {column.values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </ChoiceField>
    );
  const [least, most] = column.range?.map(formatExact) ?? [];
  const range = column.range && t('attempt.tableRange', { least, most });
  return (
    <TextField
      label={column.unit ? `${title} (${column.unit})` : title}
      hint={range}
      error={form.formState.errors.fields?.[place]?.message}
      inputMode="decimal"
      autoComplete="off"
      {...field}
    />
  );
}
