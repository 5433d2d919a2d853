import type { RunConfig } from '@sotto/protocol/run';
import { FIELDS, type Field, type FormValues } from './fields.ts';

/** A setting as it stands in a request: `cohort.least` is 5. */
type Setting = readonly [name: string, value: unknown];

/** Numbers of a form are no longer. */
const MOST_DIGITS = 24;

/** What the form asks for, by name, in the request's units. What is not a number where one belongs is left for the coordinator to refuse. */
export function settingsOf(values: FormValues): Setting[] {
  return FIELDS.flatMap((field): Setting[] => {
    const text = (values[field.name] ?? '').trim() || impliedBy(values, field);
    if (text === '' || field.when?.(values) === false) return [];
    return [[field.name, meantBy(field, text)]];
  });
}

function meantBy({ kind, scale = 1 }: Field, text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  // Digests may be all digits.
  if (kind === 'choice' || text.length > MOST_DIGITS) return text;
  const number = Number(text.replace(',', '.'));
  if (Number.isNaN(number)) return text;
  return kind === 'number' ? Math.round(number * scale * 1e9) / 1e9 : number;
}

/** `schedule.warmup` needs a `schedule.name`. */
function impliedBy(values: FormValues, { name, usual = '' }: Field): string {
  const [kind] = name.split('.');
  const isTold = FIELDS.some((other) => other.name !== name && other.name.startsWith(`${kind}.`) && values[other.name]);
  return isTold ? usual : '';
}

/** The request of a run of this task. */
export function requestOf(task: string, values: FormValues): object {
  const request: Record<string, unknown> = { task };
  for (const [name, value] of settingsOf(values)) {
    const [first = '', second] = name.split('.');
    if (second === undefined) request[first] = value;
    else request[first] = { ...(request[first] as object | undefined), [second]: value };
  }
  return request;
}

/** The words after `sotto run start`. */
export function wordsOf(task: string, values: FormValues): string[] {
  return [task, ...settingsOf(values).map(([name, value]) => `${name}=${value}`)];
}

/** A run's settings as the form has them: all that it was told, and what was made of what it was not. */
export function valuesOf(config: Partial<RunConfig>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, scale = 1, kind, options } of FIELDS) {
    const [first = '', second] = name.split('.');
    const outer = (config as Record<string, unknown>)[first];
    const value = second === undefined ? outer : (outer as Record<string, unknown> | null | undefined)?.[second];
    if (value === undefined || value === null) continue;
    const text = kind === 'number' ? String((value as number) / scale) : String(value);
    // Of a choice, what is so by default is chosen by leaving it out.
    values[name] = options && !options.some(([option]) => option === text) ? '' : text;
  }
  return values;
}
