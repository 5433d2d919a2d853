/** One promise that every adapter of a port keeps: throws when it does not. Any test runner can run it over `open`. */
export interface Case<Adapter> {
  readonly promise: string;
  /** `open` gives a fresh adapter over the same storage each time it is called. */
  run(open: () => Promise<Adapter>): Promise<void>;
}

export function ensure(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Structural equality of JSON-like values and byte strings; the order of an object's fields says nothing. */
export function ensureEqual(found: unknown, expected: unknown, what: string): void {
  const plain = (_: string, value: unknown) => {
    if (value instanceof Uint8Array) return Array.from(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const text = (value: unknown) => JSON.stringify(value, plain) ?? 'undefined';
  ensure(text(found) === text(expected), `${what}: found ${text(found)}, expected ${text(expected)}`);
}
