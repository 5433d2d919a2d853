import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stage, snap, startStage } from '../src/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

it('the language is the browser’s, changes at once when another is chosen, and stays so', async () => {
  const page = await stage.page({ url: '/', locale: 'en-GB' });
  await page.getByTestId('task-card').first().waitFor();
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Gemeinsam lernen. Daten behalten.' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await snap(page, 'home-de');
  await page.goto(`${stage.url}/t/mnist`);
  await page.getByRole('heading', { level: 1, name: 'Handgeschriebene Ziffern' }).waitFor();
  expect(await page.title()).toBe('Handgeschriebene Ziffern · Sotto');
  await snap(page, 'task-mnist-de');
  const german = await stage.page({ url: '/', locale: 'de-AT' });
  await german.getByRole('heading', { name: 'Gemeinsam lernen. Daten behalten.' }).waitFor();
});

it('the keyboard skips the header, and goes by steps', async () => {
  const page = await stage.page({ url: '/t/mnist' });
  await page.getByTestId('participant').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  expect(new URL(page.url()).hash).toBe('');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('step');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('step-part');
});

it('the focus goes on to what came of a button that is gone', async () => {
  const page = await stage.page({ url: '/t/mnist?limit=60&backend=wasm' });
  const focused = (section: string) =>
    page.waitForFunction((id) => document.activeElement?.matches(`#${id} h2`), section);
  await page.getByRole('button', { name: 'Use sample data' }).focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('data-ready').waitFor();
  await focused('step-examples');
  await page.getByRole('button', { name: 'Join', exact: true }).focus();
  await page.keyboard.press('Enter');
  await focused('step-part');
});

it.each(['en-GB', 'de-DE'])(
  'nothing is cut off on the narrowest screens, nor at twice the size: %s',
  async (locale) => {
    for (const path of ['/', '/t/mnist', '/t/breast-cancer', '/t/spam']) {
      const page = await stage.page({ url: path, locale, contextOptions: { viewport: { width: 320, height: 640 } } });
      await page.locator('main:not([aria-busy])').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(320);
      await page.context().close();
    }
  },
);

it('what a fill alone tells is still told where the system decides on colours', async () => {
  const page = await stage.page({ url: '/t/mnist', contextOptions: { forcedColors: 'active' } });
  const step = page.locator('[aria-current="step"] span').first();
  await step.waitFor();
  expect(await step.evaluate((element) => getComputedStyle(element).backgroundColor)).not.toBe(
    await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
  );
});
