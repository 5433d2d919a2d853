import { describe, expect, it } from 'vitest';
import german from './de/index.ts';
import english from './en/index.ts';
import { languageOf } from './language.ts';

/** `data.faults.header` → its text. */
function flatten(texts: object, path: readonly string[] = []): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[[...path, key].join('.'), value]] : flatten(value as object, [...path, key]),
  ) as [string, string][];
}

const placeholders = (text: string) =>
  [...text.matchAll(/{{\s*([^},\s]+)[^}]*}}|<\/?(\w+)>/g)].map(([, a, b]) => a ?? b).sort();

describe('the German texts', () => {
  const [en, de] = [new Map(flatten(english)), new Map(flatten(german))];

  it('are there for every English one, and no others', () => {
    expect([...de.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it.each([...en])('%s takes the same values, and says something', (key, text) => {
    expect(placeholders(de.get(key) ?? '')).toEqual(placeholders(text));
    expect(de.get(key)?.trim()).not.toBe('');
  });
});

describe('the language', () => {
  it('is the one chosen before, else the first of the browser’s there is, else English', () => {
    expect(languageOf('de', ['en-GB'])).toBe('de');
    expect(languageOf(null, ['fr-CH', 'de-CH', 'en'])).toBe('de');
    expect(languageOf('xx', ['fr'])).toBe('en');
  });
});
