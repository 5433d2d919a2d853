import type { CategoryColumn, Column, NumberColumn, TaskManifest, TextInput } from '@sotto/protocol/task';

/** What a table must have to become examples of a task: the columns it learns from, or one of texts, and the one with the answer. */
export interface TableLayout {
  readonly columns: readonly Column[];
  /** Instead of columns. */
  readonly text: { readonly name: string; readonly input: TextInput } | null;
  readonly label: string;
  readonly classes: readonly string[];
}

/** One column that is needed. */
export type Need =
  | { readonly is: 'number'; readonly name: string; readonly column: NumberColumn }
  | { readonly is: 'category'; readonly name: string; readonly column: CategoryColumn }
  | { readonly is: 'text'; readonly name: string }
  | { readonly is: 'label'; readonly name: string; readonly classes: readonly string[] };

/** The layout of a task's tables; of a task of pictures, null. */
export function layoutOf({ data, input, classes }: TaskManifest): TableLayout | null {
  if (data.format === 'csv') return { columns: input.columns ?? [], text: null, label: data.label, classes };
  if (data.format === 'text' && input.text)
    return { columns: [], text: { name: data.text, input: input.text }, label: data.label, classes };
  return null;
}

/** All that is needed: in model order, the answer last. */
export function needsOf({ columns, text, label, classes }: TableLayout): Need[] {
  const inputs: Need[] = columns.map((column) =>
    column.type === 'number'
      ? { is: 'number', name: column.name, column }
      : { is: 'category', name: column.name, column },
  );
  return [
    ...inputs,
    ...(text ? [{ is: 'text', name: text.name } as const] : []),
    { is: 'label', name: label, classes },
  ];
}

/** The values a column may have, where they are listed. */
export function valuesOf(need: Need): readonly string[] | null {
  if (need.is === 'category') return need.column.values;
  return need.is === 'label' ? need.classes : null;
}
