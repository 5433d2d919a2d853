/** One promise that every adapter of a port keeps: throws when it does not. Any test runner can run it over `open`. */
export interface Case<Adapter> {
  readonly promise: string;
  /** `open` gives a fresh adapter over the same storage each time it is called. */
  run(open: () => Promise<Adapter>): Promise<void>;
}

export function ensure(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Structural equality of JSON-like values and byte strings. */
export function ensureEqual(found: unknown, expected: unknown, what: string): void {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, inner) => (inner instanceof Uint8Array ? Array.from(inner) : inner)) ?? 'undefined';
  ensure(text(found) === text(expected), `${what}: found ${text(found)}, expected ${text(expected)}`);
}
