import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesOfTests } from './test-names.ts';

/** docs/THREAT-MODEL.md is kept true by tests: no row of its tables without one, no link to a test that is not there. */

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'THREAT-MODEL.md'), 'utf8');

/** The rows of the table with this head, cell by cell. */
function rowsOf(head: string): string[][] {
  const lines = page.split('\n');
  const at = lines.indexOf(head);
  const rows: string[][] = [];
  for (const line of lines.slice(at + 2)) {
    if (at < 0 || !line.startsWith('|')) break;
    const cells = line.slice(1, -1).split(/(?<!\\)\|/);
    rows.push(cells.map((cell) => cell.trim().replaceAll('\\|', '|')));
  }
  return rows;
}

const linksIn = (cell: string) =>
  [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text, target]) => ({
    text: text!,
    file: join(docs, target!),
  }));

function testsIn(file: string) {
  return existsSync(file) ? namesOfTests(file, readFileSync(file, 'utf8')) : [];
}

const learned = rowsOf('| who | learns | shown by |');
const tried = rowsOf('| rule | tried by |');

it('has its two tables', () => {
  expect(learned).toHaveLength(10);
  expect(tried.length).toBeGreaterThan(20);
});

describe('who learns what', () => {
  it.each(learned.map(([who, , shown]) => ({ who: who!, shown: shown! })))(
    '“$who” is shown by tests under that very name',
    ({ who, shown }) => {
      const links = linksIn(shown);
      expect(links.length).toBeGreaterThan(0);
      for (const { file } of links) expect(testsIn(file), file).toContainEqual({ name: who, holdsTests: true });
    },
  );
});

describe('where each rule is tried', () => {
  it.each(tried.map(([rule, by]) => ({ rule: rule!, by: by! })))('“$rule” names tests that are there', ({ by }) => {
    const links = linksIn(by);
    expect(links.length).toBeGreaterThan(0);
    for (const { text, file } of links)
      expect(
        testsIn(file).map(({ name }) => name),
        file,
      ).toContain(text);
  });
});
