import { entryOf } from '../entry.ts';
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
  const headings = headless ? [] : columns;
  const files = likely(columns, sample, (cell) => find(cell) !== null);
  const file = asked?.file ?? only(files) ?? only(files.filter((at) => FILE_HEADING.test(headings[at] ?? '')));
  const label = asked?.label ?? (file === null ? null : labelColumn(headings, columns, sample, classes, file));
  const classOf = (value: string) => (asked && entryOf(asked.values, value)) ?? classOfName(value, classes);

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

const FILE_HEADING =
  /(^|[^\p{L}])(files?|file ?names?|images?|pictures?|photos?|path|bild|datei|dateiname)($|[^\p{L}])/iu;
const LABEL_HEADING =
  /(^|[^\p{L}])(labels?|class|classes|target|category|answer|klasse|kategorie|antwort)($|[^\p{L}])/iu;

/** A column called so; among several, or without such a heading, the only one of classes. Null: that is to be asked. */
function labelColumn(
  headings: readonly string[],
  columns: readonly string[],
  sample: Rows,
  classes: readonly string[],
  file: number,
): number | null {
  const fitting = likely(columns, sample, (cell) => classOfName(cell, classes) !== null).filter((at) => at !== file);
  const called = [...headings.keys()].filter((at) => at !== file && LABEL_HEADING.test(headings[at]!));
  if (called.length > 0) return only(called) ?? only(called.filter((at) => fitting.includes(at)));
  return fitting.length > 0 || columns.length !== 2 ? only(fitting) : 1 - file;
}

/** Columns of which at least half of the values are such. */
function likely(columns: readonly string[], sample: Rows, is: (cell: string) => boolean): number[] {
  return [...columns.keys()].filter((at) => {
    const hits = sample.filter((row) => is(row[at] ?? '')).length;
    return hits > 0 && hits * 2 >= sample.length;
  });
}

function only(places: readonly number[]): number | null {
  return places.length === 1 ? places[0]! : null;
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
