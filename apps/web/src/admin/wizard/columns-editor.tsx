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

function ColumnFields({ column, at }: { column: ColumnDraft; at: number }) {
  const { change, draft } = useForm();
  return (
    <div className="grid gap-4 pt-2 pb-5 sm:grid-cols-2 lg:grid-cols-3">
      <TextInput {...own(at, column, 'name')} label="Name in tables" />
      <ChoiceInput
        field={`columns.${at}.use`}
        label="Use"
        value={column.use}
        to={(use) => ({ type: 'column', at, to: { use: use as ColumnDraft['use'] } })}
      >
        {Object.entries(USES).map(([use, name]) => (
          <option key={use} value={use}>
            {name}
          </option>
        ))}
      </ChoiceInput>
      <TextInput {...own(at, column, 'title')} label="What people call it" hint="Empty: its name." />
      {column.use === 'number' && (
        <>
          <NumberInput {...own(at, column, 'mean')} label="Mean" />
          <NumberInput {...own(at, column, 'deviation')} label="Standard deviation" />
          <TextInput {...own(at, column, 'unit')} label="Unit" />
          <NumberInput
            {...own(at, column, 'least')}
            label="Least possible"
            hint="Rows with less are refused. Empty: no bound."
          />
          <NumberInput {...own(at, column, 'most')} label="Most possible" hint="Likewise." />
        </>
      )}
      {column.use === 'category' && (
        <TextInput
          field={`columns.${at}.values`}
          label="Values, with | between them"
          value={column.values.join('|')}
          to={(text) => ({ type: 'column', at, to: { values: text.split('|').map((value) => value.trim()) } })}
        />
      )}
      {column.use !== 'none' && (
        <ChoiceInput
          field={`columns.${at}.missing`}
          label="Where a row has no value"
          value={column.missing}
          to={(missing) => ({ type: 'column', at, to: { missing: missing === 'fill' ? 'fill' : 'refuse' } })}
        >
          <option value="refuse">leave the row out</option>
          <option value="fill">go on as if it told nothing</option>
        </ChoiceInput>
      )}
      <div className="self-end">
        <Button
          look="quiet"
          onClick={() => change({ type: 'set', to: { columns: draft.columns.filter((_, i) => i !== at) } })}
        >
          Remove
        </Button>
      </div>
    </div>
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
