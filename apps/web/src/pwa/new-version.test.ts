import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryOf } from './new-version.ts';

describe('the version of a page', () => {
  it('is known by the script it starts with, which is named by its content', () => {
    expect(entryOf('<head><script type="module" crossorigin src="/assets/index-Dn2.js"></script></head>')).toBe(
      '/assets/index-Dn2.js',
    );
  });

  it('is found in the page as it is written', () => {
    expect(entryOf(readFileSync(join(import.meta.dirname, '../../index.html'), 'utf8'))).toBe('/src/main.tsx');
  });

  it('is not known of anything else that a server may answer', () => {
    expect(entryOf('<h1>The pages are not built yet</h1>')).toBeNull();
    expect(entryOf('{"rejected":"unavailable"}')).toBeNull();
  });
});
