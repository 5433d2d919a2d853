import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { type ColumnDraft, emptyColumn } from './column-draft.ts';
import { ChoiceInput, NumberInput, TextInput, useForm, useProblem } from './form.tsx';

const USES = { number: 'Number', category: 'Category', none: 'Not used' } as const;

/** What the model learns from, a column after the other. */
export function ColumnsEditor() {
  const { draft, change } = useForm();
  const { columns } = draft;
  const problem = useProblem('columns');
  const used = columns.filter(({ use }) => use !== 'none').length;
  return (
    <Card title="Columns" aside={`${formatPlural(used, 'column')} used`} testId="columns">
      {problem && <p className="mb-3 text-sm font-medium text-bad">{problem}</p>}
      {columns.length === 0 && (
        <p className="mb-4 text-sm text-muted">Choose a table above, or add columns one by one.</p>
      )}
      <ul className="divide-y divide-line">
        {columns.map((column, at) => (
          <li key={at}>
            <ColumnEditor column={column} at={at} />
          </li>
        ))}
      </ul>
      <div className="mt-4">
        <Button
          onClick={() =>
            change({ type: 'set', to: { columns: [...columns, emptyColumn(`column ${columns.length + 1}`)] } })
          }
        >
          Add a column
        </Button>
      </div>
    </Card>
  );
}

function ColumnEditor({ column, at }: { column: ColumnDraft; at: number }) {
  const { problems } = useForm();
  // A table may have a thousand columns.
  const [isOpen, setOpen] = useState(false);
  const isWrong = [...problems.keys()].some((field) => field.startsWith(`columns.${at}.`));
  return (
    <details className="group py-1" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="flex min-h-11 cursor-pointer list-none flex-wrap rounded-lg px-2 hover:bg-sunken items-center gap-x-4 gap-y-1 py-1.5 text-sm">
        <span className={`min-w-40 font-medium [overflow-wrap:anywhere] ${column.use === 'none' ? 'text-muted' : ''}`}>
          {column.name || 'without a name'}
        </span>
        <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{describe(column)}</span>
        {column.note && <span className="text-warn">{column.note}</span>}
        {isWrong && <span className="font-medium text-bad">not right yet</span>}
        <span aria-hidden="true" className="ml-auto text-muted transition-transform group-open:rotate-90">
          ›
        </span>
      </summary>
      {isOpen && <ColumnFields column={column} at={at} />}
    </details>
  );
}

function own(
  at: number,
  column: ColumnDraft,
  key: 'name' | 'title' | 'unit' | 'mean' | 'deviation' | 'least' | 'most',
) {
  return {
    field: `columns.${at}.${key}`,
    value: column[key],
    to: (value: string) => ({ type: 'column', at, to: { [key]: value } }) as const,
  };
}

function describe({ use, mean, deviation, unit, values }: ColumnDraft): string {
  if (use === 'none') return 'not used';
  return use === 'number'
    ? `number, ${mean} ± ${deviation}${unit && ` ${unit}`}`
    : `category: ${values.slice(0, 4).join(', ')}${values.length > 4 ? ` and ${values.length - 4} more` : ''}`;
}
