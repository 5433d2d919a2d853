import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSpokenWords } from './spoken-words.ts';

const WEB = join(import.meta.dirname, '../apps/web/src');
const texts = (source: string) => findSpokenWords('page.tsx', source).map(({ text }) => text);

describe('words in a component', () => {
  it.each([
    ['<p>Join now</p>', 'Join now'],
    ['<button aria-label="Close" />', 'Close'],
    ['<img alt={`A picture`} />', 'A picture'],
    ['const moment = { title: "Getting ready" };', 'Getting ready'],
    ['<p>{ready ? t("a") : "Not ready"}</p>', 'Not ready'],
    ['<Card title={open && "Your examples"}>{x}</Card>', 'Your examples'],
    ['<p>{"Round " + round}</p>', 'Round'],
    ['<p>{name ?? "nobody"}</p>', 'nobody'],
  ])('are found: %s', (source, text) => {
    expect(texts(source)).toEqual([text]);
  });

  it.each([
    '<p>{t("join")}</p>',
    '<p className="flex grow">{count} × {size} %</p>',
    '<Link to="/">Sotto</Link>',
    'const kept = { title: "shell", label: t("label") };',
    '<p data-testid="moment" role="status" lang="en">{error.message}</p>',
    '<p hidden={state === "joined"} aria-live={busy ? "off" : undefined}>…</p>',
  ])('are not seen where there are none: %s', (source) => {
    expect(texts(source)).toEqual([]);
  });

  it('are told with their lines', () => {
    expect(findSpokenWords('page.tsx', '<p>\n  <b title="Here" />\n</p>')).toEqual([{ line: 2, text: 'Here' }]);
  });
});

describe('the pages in two languages', () => {
  const files = globSync('{participant,home,guard,ui,session,api,pwa}/**/*.{ts,tsx}', { cwd: WEB }).filter(
    (file) => !file.includes('.test.'),
  );

  it.each(files)('%s has no text of its own', (file) => {
    const source = readFileSync(join(WEB, file), 'utf8');
    const plurals =
      source.includes('formatPlural') && file !== 'ui/quantity.ts' ? ['formatPlural, which is English'] : [];
    expect([...findSpokenWords(file, source).map(({ line, text }) => `${line}: ${text}`), ...plurals]).toEqual([]);
  });
});
