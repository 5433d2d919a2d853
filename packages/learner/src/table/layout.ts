import {
  type CategoryColumn,
  type Column,
  columnOf,
  type NumberColumn,
  type TaskManifest,
  type TextInput,
} from '@sotto/protocol/task';
import { entryOf } from '../intake/entry.ts';

/** What a table must have to become examples of a task: the columns it learns from, or one of texts, and the one with the answer. */
export interface TableLayout {
  readonly columns: readonly Column[];
  /** Instead of columns. */
  readonly text: { readonly name: string; readonly input: TextInput } | null;
  readonly label: string;
  readonly classes: readonly string[];
  readonly names?: OtherNames;
}

/** What files may call things besides their names. */
export interface OtherNames {
  /** By name. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** In the order of the classes. */
  readonly classes: readonly (readonly string[])[];
}

/** One column that is needed. */
export type Need =
  | { readonly is: 'number'; readonly name: string; readonly column: NumberColumn }
  | { readonly is: 'category'; readonly name: string; readonly column: CategoryColumn }
  | { readonly is: 'text'; readonly name: string }
  | {
      readonly is: 'label';
      readonly name: string;
      readonly classes: readonly string[];
      readonly names: OtherNames['classes'];
    };

/** The layout of a task's tables; of a task of pictures, null. */
export function layoutOf(task: TaskManifest): TableLayout | null {
  const { data, input, classes } = task;
  const label = columnOf(data, 'label');
  if (label === undefined) return null;
  const names = otherNames(task);
  const text = columnOf(data, 'text');
  return text !== undefined && input.text
    ? { columns: [], text: { name: text, input: input.text }, label, classes, names }
    : { columns: input.columns ?? [], text: null, label, classes, names };
}

/** Titles, translations and aliases of a task: a file may use any of them. */
export function otherNames({ input, classes, translations = {}, aliases = {} }: TaskManifest): OtherNames {
  const columns = new Map<string, string[]>();
  const add = (name: string, others: readonly string[]) => columns.set(name, [...(columns.get(name) ?? []), ...others]);
  const languages = Object.values(translations);
  for (const { name, title } of input.columns ?? []) if (title !== undefined) add(name, [title]);
  for (const language of languages)
    for (const [name, title] of Object.entries(language.columns ?? {})) add(name, [title]);
  for (const [name, others] of Object.entries(aliases.columns ?? {})) add(name, others);
  return {
    columns: Object.fromEntries(columns),
    classes: classes.map((name, i) => [
      ...languages.flatMap((language) => language.classes?.[i] ?? []),
      ...(entryOf(aliases.classes ?? {}, name) ?? []),
    ]),
  };
}

/** All that is needed: in model order, the answer last. */
export function needsOf({ columns, text, label, classes, names }: TableLayout): Need[] {
  const inputs: Need[] = columns.map((column) =>
    column.type === 'number'
      ? { is: 'number', name: column.name, column }
      : { is: 'category', name: column.name, column },
  );
  return [
    ...inputs,
    ...(text ? [{ is: 'text', name: text.name } as const] : []),
    { is: 'label', name: label, classes, names: names?.classes ?? [] },
  ];
}

/** The values a column may have, where they are listed. */
export function valuesOf(need: Need): readonly string[] | null {
  if (need.is === 'category') return need.column.values;
  return need.is === 'label' ? need.classes : null;
}

/** What its values may be called besides. */
export function valueNamesOf(need: Need): OtherNames['classes'] {
  return need.is === 'label' ? need.names : [];
}
