import {
  type ColumnProposal,
  type ColumnUse,
  columnFrom,
  inOrder,
  proposeColumns,
} from '@sotto/learner/table/column-proposal';
import type { ColumnSketch, TableSketch } from '@sotto/learner/table/sketch';
import type { Column } from '@sotto/protocol/task';

/** A column as it stands in the form. What is said of it as a number stays while it is a category, and the other way round. */
export interface ColumnDraft {
  readonly name: string;
  readonly use: 'number' | 'category' | 'none';
  readonly title: string;
  readonly unit: string;
  readonly mean: string;
  readonly deviation: string;
  /** Empty: no bound. */
  readonly least: string;
  readonly most: string;
  readonly values: readonly string[];
  readonly missing: Column['missing'];
  /** What the examples say that somebody may want to look at. */
  readonly note: string | null;
}

export function emptyColumn(name: string): ColumnDraft {
  return {
    name,
    use: 'number',
    title: '',
    unit: '',
    mean: '0',
    deviation: '1',
    least: '',
    most: '',
    values: [],
    missing: 'refuse',
    note: null,
  };
}

export interface TableProposal {
  readonly columns: readonly ColumnDraft[];
  readonly label: string | null;
  readonly text: string | null;
  /** Values of the label's column, as people list them. */
  readonly classes: readonly string[];
}

/** What a table of examples says of a task. @param uses  instead of what the columns seem to be for */
export function proposeTable(
  sketch: TableSketch,
  kind: 'table' | 'text',
  uses: readonly ColumnUse[] = proposeColumns(sketch, kind).map(({ use }) => use),
): TableProposal {
  const notes = proposeColumns(sketch, kind).map(({ note }) => note);
  const at = (use: ColumnUse) => sketch.columns[uses.indexOf(use)] ?? null;
  const label = at('label');
  return {
    columns: sketch.columns.flatMap((column, i) =>
      uses[i] === 'label' || uses[i] === 'text' ? [] : [columnDraft(column, uses[i]!, notes[i]!)],
    ),
    label: label?.name ?? null,
    text: at('text')?.name ?? null,
    classes: inOrder(label?.values?.map(({ value }) => value) ?? []),
  };
}

function columnDraft(sketch: ColumnSketch, use: ColumnProposal['use'], note: string | null): ColumnDraft {
  const number = columnFrom(sketch, 'number');
  const category = columnFrom(sketch, 'category');
  const kept =
    (use === 'number' && number) || (use === 'category' && category) ? (use as 'number' | 'category') : 'none';
  return {
    ...emptyColumn(sketch.name),
    use: kept,
    ...(number?.type === 'number' && { mean: String(number.mean), deviation: String(number.deviation) }),
    ...(category?.type === 'category' && { values: category.values }),
    missing: number?.missing ?? category?.missing ?? 'refuse',
    note,
  };
}

/** What is typed as a number; as it stands where it is none, for the schema to say so; undefined where nothing is typed. */
export function typed(text: string): number | string | undefined {
  const bare = text.trim();
  if (bare === '') return undefined;
  const number = Number(bare);
  return Number.isNaN(number) ? bare : number;
}

/** The columns as the manifest says them; what is typed wrong is wrong in them, too. */
export function columnsOf(drafts: readonly ColumnDraft[]): Column[] {
  return drafts.flatMap((draft): Column[] => {
    const { name, use, title, unit, missing, values } = draft;
    if (use === 'none') return [];
    const said = { name, ...(title.trim() !== '' && { title }), missing };
    if (use === 'category') return [{ type: 'category', ...said, values: [...values] }];
    const [least, most] = [typed(draft.least), typed(draft.most)];
    const range =
      least === undefined && most === undefined
        ? {}
        : { range: [least ?? -Number.MAX_VALUE, most ?? Number.MAX_VALUE] };
    return [
      {
        type: 'number',
        ...said,
        ...(unit.trim() !== '' && { unit }),
        mean: typed(draft.mean),
        deviation: typed(draft.deviation),
        ...range,
      } as Column,
    ];
  });
}

/** The place of a column of the manifest among all of the form. */
export function placeAmongDrafts(drafts: readonly ColumnDraft[], at: number): number {
  return [...drafts.keys()].filter((i) => drafts[i]!.use !== 'none')[at] ?? -1;
}

/** A column of a manifest, in the form. */
export function draftOfColumn(column: Column): ColumnDraft {
  const { name, title = '', missing } = column;
  const draft = { ...emptyColumn(name), title, missing, use: column.type };
  if (column.type === 'category') return { ...draft, values: column.values };
  const [least, most] = column.range ?? [];
  const bound = (value: number | undefined) =>
    value === undefined || Math.abs(value) === Number.MAX_VALUE ? '' : String(value);
  return {
    ...draft,
    unit: column.unit ?? '',
    mean: String(column.mean),
    deviation: String(column.deviation),
    least: bound(least),
    most: bound(most),
  };
}
