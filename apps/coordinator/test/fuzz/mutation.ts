import type { Chance } from './chance.ts';

/** Values that have broken parsers before. */
const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  -0,
  2 ** 31,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  'a'.repeat(5000),
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  '%00%2e%2e%2f',
  '__proto__',
  'constructor',
  '{"a":1}',
  "'; drop table devices; --",
  [],
  {},
  [[[[]]]],
  { __proto__: null },
  { toString: 1, toJSON: 1 },
  { _placeholder: true, num: 0 },
  { _placeholder: true, num: -1 },
  JSON.parse('{"then":true}'),
  Array.from({ length: 1000 }, () => 0),
];

export function junk(chance: Chance): unknown {
  if (chance.is(0.05)) return nested(1 + chance.below(3000));
  return structuredClone(chance.pick(JUNK));
}

/** Any value as text; not all of them let themselves be made into one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

/** [[[…]]] */
export function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** A copy of a message that is wrong in one place, or, one time in eight, in none. */
export function mutate(value: unknown, chance: Chance): unknown {
  if (chance.is(1 / 8)) return value;
  if (Array.isArray(value)) {
    if (value.length === 0 || chance.is(0.2)) return junk(chance);
    const at = chance.below(value.length);
    const kind = chance.below(4);
    if (kind === 0) return value.toSpliced(at, 1);
    if (kind === 1) return value.toSpliced(at, 0, structuredClone(value[at]));
    return value.with(at, mutate(value[at], chance));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0 || chance.is(0.1)) return junk(chance);
    const at = chance.below(entries.length);
    const [name, held] = entries[at]!;
    const kind = chance.below(5);
    if (kind === 0) return Object.fromEntries(entries.toSpliced(at, 1));
    if (kind === 1)
      return { ...value, [chance.pick(['extra', 'constructor', 'rejected', name.toUpperCase()])]: junk(chance) };
    return { ...value, [name]: mutate(held, chance) };
  }
  if (typeof value === 'string' && value.length > 0 && chance.is(0.6)) return mutateText(value, chance);
  if (typeof value === 'number' && chance.is(0.5)) return value + chance.pick([-1, 1, 0.5, 2 ** 32, -(2 ** 53)]);
  return junk(chance);
}

function mutateText(text: string, chance: Chance): string {
  const at = chance.below(text.length);
  const kind = chance.below(5);
  if (kind === 0) return text.slice(0, at);
  if (kind === 1) return text + text;
  if (kind === 2) return text.toUpperCase();
  const other = text[at] === '0' ? '1' : '0';
  return kind === 3 ? `${text.slice(0, at)}${other}${text.slice(at + 1)}` : `${text}\u0000`;
}

/** Flips, cuts, doubles or lengthens. */
export function mutateBytes(bytes: Uint8Array, chance: Chance): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const kind = chance.below(6);
  if (copy.length === 0 || kind === 0) return chance.bytes(chance.below(300));
  if (kind === 1) return copy.slice(0, chance.below(copy.length));
  if (kind === 2) return Uint8Array.from([...copy.subarray(0, 4096), ...chance.bytes(1 + chance.below(50))]);
  for (let i = 1 + chance.below(8); i > 0; i--)
    copy[chance.below(copy.length)] = chance.pick([0, 1, 0x7f, 0x80, 0xff, chance.below(256)]);
  return copy;
}
