import type { z } from 'zod';

/** Longer texts are not repeated to whoever wrote them: they may be keys. */
const MOST_QUOTED = 20;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/**
 * What is wrong with a field, to follow its name: “must be at least 3, not 2”. Given to a schema as it parses:
 * `schema.safeParse(value, { error: inWords })`. What a schema says itself comes before it.
 */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case 'invalid_type':
      return wanted(KINDS[issue.expected], input);
    case 'too_small':
      return `must ${bounded(issue.origin, issue.inclusive ? 'at least' : 'more than', Number(issue.minimum))}${not(input)}`;
    case 'too_big':
      return `must ${bounded(issue.origin, issue.inclusive ? 'at most' : 'less than', Number(issue.maximum))}${not(input)}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}${not(input)}`;
    case 'invalid_value':
      return wanted(anyOf(issue.values.map(quoted)), input);
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.slice(0, 3).map(named).join(', ')}: leave it out, or correct its name`;
    case 'invalid_union':
      return anyWay(issue);
    default:
      return undefined;
  }
}

/** The first thing wrong with a value, with the path of the field. */
export function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0];
  if (!issue) return 'The message is malformed.';
  const path = issue.path.join('.');
  return path ? `${path}: ${issue.message}` : issue.message;
}

function wanted(kind: string | undefined, input: unknown): string | undefined {
  if (input === undefined) return kind === undefined ? 'is missing' : `is missing: give ${kind}`;
  return kind === undefined ? undefined : `must be ${kind}${not(input)}`;
}

function bounded(origin: string, how: string, bound: number): string {
  if (origin === 'string') return `have ${how} ${bound} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `have ${how} ${bound} entries`;
  return `be ${how} ${bound}`;
}

/** Nothing of lists and objects, and nothing of a text but that it is one, unless it is short. */
function not(input: unknown): string {
  if (input === undefined) return '';
  if (typeof input === 'string') return input.length <= MOST_QUOTED ? `, not ${quoted(input)}` : '';
  if (Array.isArray(input)) return ', not a list';
  return typeof input === 'object' && input !== null ? ', not an object' : `, not ${String(input)}`;
}

function anyWay(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string | undefined {
  if (issue.discriminator !== undefined) {
    const { [issue.discriminator]: given } = issue.input as Readonly<Record<string, unknown>>;
    return wanted('options' in issue ? anyOf((issue.options as unknown[]).map(quoted)) : undefined, given);
  }
  const ways = issue.errors.flatMap((issues) => (issues[0] ? [issues[0].message] : []));
  const expected = ways.map((way) => way.replace(/^must be /, '').replace(/, not .*$/, ''));
  return wanted(anyOf([...new Set(expected)]), issue.input);
}

function anyOf(values: readonly string[]): string {
  return values.length < 2 ? (values[0] ?? 'nothing') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : String(value);
}

function named(key: string): string {
  return `“${key.slice(0, 2 * MOST_QUOTED)}”`;
}
