import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Where pictures and what was found on them end up. */
const PICTURES = join(import.meta.dirname, '../../test-results/page');

const WIDTHS = { 390: 844, 1440: 900 } as const;
type Width = keyof typeof WIDTHS;
const SCHEMES = ['light', 'dark'] as const;

/** What is kept of a state beside its pictures. */
export interface SnapRecord {
  readonly name: string;
  readonly pictures: readonly string[];
  readonly violations: readonly string[];
}

/**
 * Takes a state of the page: four pictures (390 and 1440 pixels wide, light and dark), axe on a phone in light and on a desktop in dark.
 * Leaves the page as wide and as bright as it was.
 * @throws naming every violation, and when the page is wider than a phone
 */
export async function snap(page: Page, name: string): Promise<void> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`${name}: a state's name is of a-z, 0-9 and hyphens`);
  mkdirSync(PICTURES, { recursive: true });
  const size = page.viewportSize();
  const media = await page.evaluate(() => ({
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    still: matchMedia('(prefers-reduced-motion: reduce)').matches,
    scrolled: window.scrollY,
  }));
  const pictures: string[] = [];
  const violations: string[] = [];
  const show = async (width: Width, colorScheme: (typeof SCHEMES)[number]) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: WIDTHS[width] });
    await settle(page);
    // As on a screen that is tall enough for all of it, so that what sticks to an edge stands there. A dialog has the screen to itself.
    const height = await page.evaluate(() =>
      document.querySelector('[role=alertdialog], [role=dialog]') ? 0 : document.documentElement.scrollHeight,
    );
    if (height > WIDTHS[width]) {
      await page.setViewportSize({ width, height });
      await settle(page);
    }
    const picture = `${name}-${width}-${colorScheme}.png`;
    await page.screenshot({ path: join(PICTURES, picture), animations: 'disabled', caret: 'hide' });
    pictures.push(picture);
  };

  await show(390, 'dark');
  await show(390, 'light');
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  if (needed > 390) violations.push(`the page needs ${needed} pixels and a phone has 390`);
  violations.push(...(await examine(page)));
  await show(1440, 'light');
  await show(1440, 'dark');
  violations.push(...(await examine(page)));

  if (size) await page.setViewportSize(size);
  await page.emulateMedia({
    colorScheme: media.dark ? 'dark' : 'light',
    reducedMotion: media.still ? 'reduce' : 'no-preference',
  });
  await page.evaluate((top) => window.scrollTo(0, top), media.scrolled);
  const record: SnapRecord = { name, pictures, violations: [...new Set(violations)] };
  writeFileSync(join(PICTURES, `${name}.json`), JSON.stringify(record, null, 2));
  if (record.violations.length > 0) throw new Error(`${name}:\n${record.violations.join('\n')}`);
}

/** axe's judgement of the page as it stands. */
async function examine(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Until fonts are there and whatever follows the size of the window has been drawn anew. */
function settle(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
}
