import fc from 'fast-check';
import type { Chance } from './chance.ts';

/** As much of JSON Schema as our schemas use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly $ref?: string;
}

const texts = new Map<string, readonly string[]>();

/** Something that fits a JSON Schema, as far as that says what fits: made from the schemas that check it, so that no message is left out. */
export function exampleOf(schema: unknown, chance: Chance, root: unknown = schema): unknown {
  const {
    type,
    enum: choices,
    anyOf,
    oneOf,
    allOf,
    properties = {},
    required = [],
    items,
    pattern,
    ...bounds
  } = schema as Schema;
  if ('const' in bounds) return bounds.const;
  if (bounds.$ref !== undefined) return exampleOf(resolve(bounds.$ref, root), chance, root);
  if (choices) return chance.pick(choices);
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return exampleOf(chance.pick(alternatives), chance, root);
  if (allOf) return Object.assign({}, ...allOf.map((part) => exampleOf(part, chance, root)));
  switch (typeof type === 'string' ? type : type?.[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([name]) => required.includes(name) || chance.is(0.5))
          .map(([name, property]) => [name, exampleOf(property, chance, root)]),
      );
    case 'array':
      return items ? Array.from({ length: chance.below(4) }, () => exampleOf(items, chance, root)) : [];
    case 'string':
      return pattern === undefined ? 'a'.repeat(bounds.minLength ?? 1) : textOf(pattern, chance);
    case 'integer':
    case 'number': {
      const least = Math.max(bounds.minimum ?? 0, -(2 ** 31));
      const most = Math.min(bounds.maximum ?? 1000, 2 ** 31);
      return chance.is(0.3) ? least : least + Math.floor(chance.next() * (Math.min(most, least + 1000) - least + 1));
    }
    case 'boolean':
      return chance.is(0.5);
    default:
      return null;
  }
}

function resolve(ref: string, root: unknown): unknown {
  return ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], root);
}

function textOf(pattern: string, chance: Chance): string {
  let known = texts.get(pattern);
  if (!known) {
    known = sampled(pattern);
    texts.set(pattern, known);
  }
  return chance.pick(known);
}

function sampled(pattern: string): readonly string[] {
  try {
    return fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 8 });
  } catch {
    // fast-check does not know every kind of expression.
    return ['a', '0'];
  }
}
