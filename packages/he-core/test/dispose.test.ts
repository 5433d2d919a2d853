import { expect, test } from 'vitest';

test('seals and sums where the engine knows no Symbol.dispose', async () => {
  Object.defineProperty(globalThis, 'Symbol', { value: withoutDispose(Symbol) });
  expect(Symbol.dispose).toBeUndefined();
  const { createCommittee } = await import('./committee.ts');
  const committee = await createCommittee('n47');
  const sealed = await committee.seal(0, Float64Array.of(1, -2, 3));
  expect(Array.from((await committee.open([sealed], 3)).messages)).toEqual([1, -2, 3]);
});

/** The same symbols behind an object of their own, on which `dispose` can be absent. */
function withoutDispose(original: SymbolConstructor): SymbolConstructor {
  const replacement = Object.assign((name?: string) => original(name), {
    for: original.for.bind(original),
    prototype: original.prototype,
  });
  for (const key of Object.getOwnPropertyNames(original)) {
    const value = Reflect.get(original, key);
    if (typeof value === 'symbol' && key !== 'dispose') Object.defineProperty(replacement, key, { value });
  }
  return replacement as unknown as SymbolConstructor;
}
