import { entryOf } from '@sotto/learner/intake/entry';
import type { TableReading } from '@sotto/learner/table/examples';
import { type Need, needsOf, type TableLayout, valueNamesOf, valuesOf } from '@sotto/learner/table/layout';
import { placeOf, suggestValue, type TableMapping } from '@sotto/learner/table/mapping';
import type { TableOpening } from '@sotto/learner/table/reading';

/** What the person is asked for, what of that they have not said yet, and what was found without asking. */
export function sortNeeds(
  layout: TableLayout,
  { mapping: suggested }: TableOpening,
  mapping: TableMapping,
): { asked: Need[]; found: Need[]; missing: number } {
  const needs = needsOf(layout);
  const isMissing = ({ name }: Need) => placeOf(mapping, name) === null;
  // What was asked stays where it was asked, so that nobody loses their place in the form.
  const isAsked = (need: Need) => isMissing(need) || placeOf(suggested, need.name) === null;
  return {
    asked: needs.filter(isAsked),
    found: needs.filter((need) => !isAsked(need)),
    missing: needs.filter(isMissing).length,
  };
}

/** A value of the file that is not one of the task's own words, and what it is taken for. */
export interface ForeignValue {
  readonly value: string;
  /** In the whole file, where it was read and nobody explained it. */
  readonly count: number | null;
  /** One of the allowed values; null: its rows are left out; undefined: nobody knows. */
  readonly meaning: string | null | undefined;
}

/** The values of one column that somebody has to explain, or has explained. */
export interface ForeignValues {
  readonly need: Need;
  readonly allowed: readonly string[];
  readonly values: readonly ForeignValue[];
  /** Of them all nobody knows the meaning of so many. */
  readonly open: number;
  /** Some had to be asked for. */
  readonly asked: boolean;
}

/** The columns whose values are written otherwise than the task writes them. */
export function foreignValues(
  layout: TableLayout,
  { columns }: TableOpening,
  mapping: TableMapping,
  reading: TableReading | null,
): ForeignValues[] {
  return needsOf(layout).flatMap((need) => {
    const allowed = valuesOf(need);
    const at = placeOf(mapping, need.name);
    if (!allowed || at === null) return [];
    const unknown = new Map(reading && entryOf(reading.unknown, need.name)?.map(({ value, count }) => [value, count]));
    const said = new Map(Object.entries(entryOf(mapping.values, need.name) ?? {}));
    const found = new Set([...(columns[at]?.values ?? []), ...said.keys(), ...unknown.keys()]);
    const values = [...found]
      .filter((value) => !allowed.includes(value) || said.has(value))
      .map((value) => ({
        value,
        count: unknown.get(value) ?? null,
        meaning: said.has(value) ? said.get(value) : suggestValue(value, allowed, valueNamesOf(need)),
      }));
    if (values.length === 0) return [];
    const open = values.filter(({ meaning }) => meaning === undefined).length;
    return [{ need, allowed, values, open, asked: open > 0 || said.size > 0 }];
  });
}
