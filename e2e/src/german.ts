import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const WORDS = join(import.meta.dirname, '../../apps/web/src/words');

type Texts = { readonly [key: string]: string | Texts };

/** Texts of the page that people who chose German read in English: those that match an English text which German has in other words. */
export async function findEnglish(page: Page): Promise<string[]> {
  const shown = await page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement!;
      // What is marked as English is read out as such.
      if (element.closest('[lang=en], script, style')) continue;
      if (node instanceof Element)
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(node.getAttribute(name) ?? '');
      else texts.push(node.textContent ?? '');
    }
    return [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
  });
  return shown.filter((text) => english.some((pattern) => pattern.test(text)));
}

const english = globSync('*.json', { cwd: join(WORDS, 'en') }).flatMap((file) => {
  const [en, de] = ['en', 'de'].map((language) => flatten(read(join(WORDS, language, file))));
  return [...en!].flatMap(([key, text]) => (de!.get(key) === text ? [] : (patternOf(text) ?? [])));
});

/** A pattern for the whole text with any values; none where little but values is left, or markup splits it. */
function patternOf(text: string): RegExp | undefined {
  const pieces = text.split(/{{[^}]*}}/);
  if (/[<>]/.test(text) || pieces.join('').trim().length < 8) return undefined;
  return new RegExp(`^${pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's');
}

function flatten(texts: Texts, path = ''): Map<string, string> {
  const entries = Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : [...flatten(value, `${path}${key}.`)],
  );
  return new Map(entries);
}

function read(file: string): Texts {
  return JSON.parse(readFileSync(file, 'utf8')) as Texts;
}
