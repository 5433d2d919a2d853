import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { measureEntry } from './entry-size.ts';

/** Cannot be compressed below its length in bytes, as hex below half of it. */
const ballast = (bytes: number) => `/* ${randomBytes(bytes).toString('hex')} */`;

const PAGE = `<script type="module" crossorigin src="/assets/index.js"></script>
<link rel="modulepreload" crossorigin href="/assets/preloaded.js">
<link rel="stylesheet" crossorigin href="/assets/index.css">`;

function measure(files: Record<string, string>) {
  return measureEntry((path) => {
    if (files[path] === undefined) throw new Error(`${path} is not there`);
    return Buffer.from(files[path]);
  });
}

it('counts what a page imports before it is drawn, once each, and not what it imports later', () => {
  const size = measure({
    'index.html': PAGE,
    'assets/index.js': `import{a}from"./shared.js";import"./other.js";import("./later.js");${ballast(1000)}`,
    'assets/shared.js': `import"./other.js";export const a=1;${ballast(2000)}`,
    'assets/other.js': ballast(500),
    'assets/preloaded.js': ballast(100),
    'assets/index.css': 'p{margin:0}',
  });
  expect(size.files.map(({ path }) => path)).toEqual([
    'assets/shared.js',
    'assets/index.js',
    'assets/other.js',
    'assets/preloaded.js',
    'assets/index.css',
  ]);
  expect(size.scriptBytes).toBeGreaterThan(3600);
  expect(size.scriptBytes).toBeLessThan(5000);
  expect(size.styleBytes).toBeLessThan(100);
});

it('takes nothing but a built page', () => {
  expect(() => measure({ 'index.html': '<p>Not built</p>' })).toThrow(/build the pages/);
});
