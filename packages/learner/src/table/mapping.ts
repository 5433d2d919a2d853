import { entryOf } from '../intake/entry.ts';
import { type Fault, fault } from '../intake/fault.ts';
import { type Need, needsOf, type TableLayout, valueNamesOf } from './layout.ts';

/** Which columns of a file are the ones that are needed, and what its values mean. */
export interface TableMapping {
  /** By needed name, the place of the file's column; null or absent: not said. */
  readonly places: Readonly<Record<string, number | null>>;
  /** By needed name, what a value of the file stands for where it is written otherwise; null: leave such rows out. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** The file's first line is a row like the others. */
  readonly headless?: boolean;
}

/**
 * The columns that are surely meant: of the same name; else of the same name but for capitals, spaces and what stands for them; else of
 * a title or alias. No column is taken twice, and where two would fit nothing is guessed.
 */
export function suggestMapping(header: readonly string[], layout: TableLayout): TableMapping {
  const names = header.map((name) => name.trim());
  // Tables may have, and tasks need, thousands of columns.
  const exact = Map.groupBy(names.keys(), (at) => names[at]!);
  const bare = Map.groupBy(names.keys(), (at) => bareName(names[at]!));
  const taken = new Set<number>();
  const needs = needsOf(layout).map(({ name }) => name);
  const places = new Map<string, number | null>(needs.map((name) => [name, null]));
  const ways: ((need: string) => readonly number[])[] = [
    (need) => exact.get(need) ?? [],
    (need) => bare.get(bareName(need)) ?? [],
    (need) =>
      [...new Set((entryOf(layout.names?.columns ?? {}, need) ?? []).map(bareName))].flatMap(
        (title) => bare.get(title) ?? [],
      ),
  ];
  for (const way of ways)
    for (const name of needs) {
      if (places.get(name) !== null) continue;
      const [at, ...others] = way(name).filter((place) => !taken.has(place));
      if (at === undefined || others.length > 0) continue;
      places.set(name, at);
      taken.add(at);
    }
  return { places: Object.fromEntries(places), values: {} };
}

/** Whether a line names columns that are needed: two at least, as one may be called like a word of a title. */
export function isNamed(cells: readonly string[], layout: TableLayout): boolean {
  return Object.values(suggestMapping(cells, layout).places).filter((place) => place !== null).length >= 2;
}

/**
 * What a value surely means where it is not written as it should be: `Yes ` for yes, `1.0` for 1, or one of the names that each may have
 * besides, in the order of those allowed.
 */
export function suggestValue(
  value: string,
  allowed: readonly string[],
  names: readonly (readonly string[])[] = [],
): string | undefined {
  if (allowed.includes(value)) return value;
  const bare = bareValue(value);
  const same = allowed.filter((other) => bareValue(other) === bare);
  if (same.length === 1) return same[0];
  const called = allowed.filter((_, i) => names[i]?.some((name) => bareValue(name) === bare));
  if (same.length === 0 && called.length === 1) return called[0];
  const number = Number(value);
  const equal = value === '' ? [] : allowed.filter((other) => other.trim() !== '' && Number(other) === number);
  return equal.length === 1 ? equal[0] : undefined;
}

/** The place of the file's column that is meant; null: nobody said which. */
export function placeOf({ places }: TableMapping, name: string): number | null {
  return entryOf(places, name) ?? null;
}

/** Why a file cannot be read with this mapping. */
export function mappingFaults(
  file: string,
  header: readonly string[],
  layout: TableLayout,
  mapping: TableMapping,
): Fault[] {
  const names = header.map((name) => name.trim());
  return needsOf(layout).flatMap(({ name }) => {
    if (placeOf(mapping, name) !== null) return [];
    if (names.filter((other) => other === name).length > 1) return [fault('column_twice', { file, column: name })];
    return [fault('column_missing', { file, column: name, columns: names.join(', ') })];
  });
}

/** Whether all that is needed is there. */
export function isComplete(layout: TableLayout, mapping: TableMapping): boolean {
  return needsOf(layout).every(({ name }) => placeOf(mapping, name) !== null);
}

/** A file's value as the task writes it; null: rows with it are left out. What nobody explained comes back as it is. */
export function meantBy(
  value: string,
  need: Need,
  allowed: readonly string[],
  { values }: TableMapping,
): string | null {
  const said = entryOf(entryOf(values, need.name) ?? {}, value);
  return said !== undefined ? said : (suggestValue(value, allowed, valueNamesOf(need)) ?? value);
}

/** Without what people write differently in one name: capitals, and what stands for a space. */
function bareName(name: string): string {
  return bareValue(name).replace(/[.-]/g, '');
}

/** In values, `A-` and `A` may be two. */
function bareValue(value: string): string {
  return value.normalize('NFKC').toLowerCase().replace(/[\s_]/g, '');
}
