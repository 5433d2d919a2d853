import { collectFaults, type Faults, fault } from '../fault.ts';
import { classOfName } from './classes.ts';

/** Rows of a table that says what pictures show, its first line included. */
export type Rows = readonly (readonly string[])[];

export interface LabelMapping {
  /** Places of the columns with the picture's name and with what it shows. */
  readonly file: number;
  readonly label: number;
  /** Class of each value that is not called like one. */
  readonly values: Readonly<Record<string, number>>;
}

export interface Labelling {
  /** Headings; where the first line is none already, the first row itself. */
  readonly columns: readonly string[];
  /** As asked for, or as the contents suggest; null where they do not. */
  readonly file: number | null;
  readonly label: number | null;
  /** What the label column says, most frequent first, and the class that is taken for. */
  readonly values: readonly { readonly value: string; readonly count: number; readonly label: number | null }[];
  /** For each picture its class; null: not said. */
  readonly labels: readonly (number | null)[];
  readonly faults: Faults;
}

/** So many rows are looked at to find out what a column holds. */
const SAMPLE = 200;
/** Beyond these, values are not classes but something else. */
const MOST_VALUES = 50;

/**
 * Brings a table of labels together with the pictures it is about. A picture is found by its path, its name, or its name without ending;
 * a column is taken for the names or the labels when most of its values are.
 * @param table  its name, for the faults
 */
export function labelPictures(
  table: string,
  rows: Rows,
  paths: readonly string[],
  classes: readonly string[],
  asked: LabelMapping | null,
): Labelling {
  const find = pictureFinder(paths);
  const columns = rows[0] ?? [];
  // Without a heading the first line already is about a picture.
  const headless = columns.some((cell) => find(cell) !== null);
  const body = rows.slice(headless ? 0 : 1);
  const sample = body.slice(0, SAMPLE);
  const file = asked?.file ?? likeliest(columns, sample, (cell) => find(cell) !== null);
  const label =
    asked?.label ??
    likeliest(columns, sample, (cell) => classOfName(cell, classes) !== null, file) ??
    (columns.length === 2 && file !== null ? 1 - file : null);
  const classOf = (value: string) => asked?.values[value] ?? classOfName(value, classes);

  const labels: (number | null)[] = paths.map(() => null);
  const values = new Map<string, number>();
  const faults = collectFaults();
  if (file !== null && label !== null) {
    const lines = new Map<number, number>();
    for (const [i, row] of body.entries()) {
      const line = i + (headless ? 1 : 2);
      const name = row[file]?.trim() ?? '';
      const value = row[label]?.trim() ?? '';
      if (row.every((cell) => cell.trim() === '')) continue;
      if (value !== '') values.set(value, (values.get(value) ?? 0) + 1);
      const picture = find(name);
      const column = columns[label] ?? '';
      const said = classOf(value);
      if (name === '') faults.add(fault('labels_name_missing', { file: table, line, column: columns[file] ?? '' }));
      else if (picture === null) faults.add(fault('labels_no_picture', { file: table, line, value: name }));
      else if (picture === 'several') faults.add(fault('labels_several', { file: table, line, value: name }));
      else if (value === '') faults.add(fault('class_missing', { file: table, line, column }));
      else if (said === null)
        faults.add(fault('unknown_class', { file: table, line, column, value, classes: classes.join(', ') }));
      else if (lines.has(picture) && labels[picture] !== said)
        faults.add(fault('labels_twice', { file: table, line, value: name, first: lines.get(picture)! }));
      else {
        lines.set(picture, line);
        labels[picture] = said;
      }
    }
    for (const [i, path] of paths.entries())
      if (labels[i] === null) faults.add(fault('labels_not_listed', { file: path, table }));
  }
  return {
    columns: headless ? columns.map((_, i) => `${i + 1}`) : columns,
    file,
    label,
    values: [...values]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_VALUES)
      .map(([value, count]) => ({ value, count, label: classOf(value) })),
    labels,
    faults: faults.faults(),
  };
}

/** Nothing is left to ask: both columns are found, and every value is a class. */
export function isClear({ file, label, values }: Labelling): boolean {
  return file !== null && label !== null && values.length > 0 && values.every((value) => value.label !== null);
}

/** The column of which most values, and at least half, are such; null: none. */
function likeliest(
  columns: readonly string[],
  sample: Rows,
  is: (cell: string) => boolean,
  except: number | null = null,
): number | null {
  let best: { column: number; hits: number } | null = null;
  for (const column of columns.keys()) {
    if (column === except) continue;
    const hits = sample.filter((row) => is(row[column] ?? '')).length;
    if (hits * 2 >= sample.length && hits > (best?.hits ?? 0)) best = { column, hits };
  }
  return best?.column ?? null;
}

type Find = (name: string) => number | 'several' | null;

function pictureFinder(paths: readonly string[]): Find {
  const known = paths.map(plain);
  const byName = new Map<string, number[]>();
  const byStem = new Map<string, number[]>();
  const note = (index: Map<string, number[]>, key: string, i: number) => {
    const there = index.get(key);
    if (there) there.push(i);
    else index.set(key, [i]);
  };
  for (const [i, path] of known.entries()) {
    const name = nameOf(path);
    note(byName, name, i);
    note(byStem, stemOf(name), i);
  }
  return (cell) => {
    const wanted = plain(cell);
    if (wanted === '') return null;
    const named = byName.get(nameOf(wanted)) ?? byStem.get(nameOf(wanted)) ?? [];
    const ends = (long: string, short: string) => long === short || long.endsWith(`/${short}`);
    const exact = named.filter((i) => ends(known[i]!, wanted) || ends(stemOf(known[i]!), wanted));
    const found = exact.length > 0 ? exact : named;
    return found.length > 1 ? 'several' : (found[0] ?? null);
  };
}

const plain = (path: string) =>
  path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .normalize()
    .toLowerCase();
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const stemOf = (path: string) => path.replace(/\.[^./]*$/, '');
