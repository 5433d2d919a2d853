import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wireTables } from './wire-tables.ts';

const FILE = new URL('../../docs/PROTOCOL.md', import.meta.url);
const [BEGIN, END] = ['<!-- wire tables: begin -->', '<!-- wire tables: end -->'] as const;

it('the wire tables of docs/PROTOCOL.md are those of the schemas (UPDATE_DOCS=1 rewrites them)', () => {
  const text = readFileSync(FILE, 'utf8');
  const [before, rest] = text.split(BEGIN) as [string, string];
  const after = rest.split(END)[1]!;
  const expected = `${before}${BEGIN}\n\n${wireTables()}\n\n${END}${after}`;
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, expected);
  else expect(text).toBe(expected);
});
