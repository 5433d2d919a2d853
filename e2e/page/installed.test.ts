import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_PAGES, joinWithSample } from '../src/browser.ts';
import { buildAnotherVersion } from '../src/redeployment.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

const PAGES = BUILT_PAGES.pages ?? join(import.meta.dirname, '../../apps/web/dist');

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** The worker that keeps the page is registered once the page has come to rest. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });

const comeBack = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
const entryOf = (page: Page) => page.locator('script[type="module"]').getAttribute('src');

describe('the page', () => {
  it('can be installed', async () => {
    const page = await stage.page({ url: '/' });
    const devtools: CDPSession = await page.context().newCDPSession(page);
    const { errors, data } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data!)).toMatchObject({ name: 'Sotto', display: 'standalone', start_url: '/' });
    for (const { src, sizes } of JSON.parse(data!).icons) {
      const size = await page.evaluate(async (url) => {
        const image = await createImageBitmap(await (await fetch(url)).blob());
        return `${image.width}x${image.height}`;
      }, src);
      expect(size).toBe(sizes);
    }
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // A window of Playwright’s counts as a private one, where nothing is ever installed.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  });

  it('says without a network that there is none, in the person’s language, and goes on by itself when there is', async () => {
    const page = await stage.page({ url: '/t/mnist', locale: 'de-DE' });
    await kept(page);
    await page.context().setOffline(true);
    await page.reload();
    await page.getByTestId('offline').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Dieses Gerät ist offline');
    await snap(page, 'offline');
    await page.context().setOffline(false);
    await page.getByTestId('participant').waitFor();
  });

  it('is there while the server is away, and says so', async () => {
    const page = await stage.page({ url: '/' });
    await kept(page);
    await stage.stop();
    await page.reload();
    await page.getByTestId('failed-request').waitFor();
    await snap(page, 'server-away');
    await stage.restart();
    await page.getByTestId('task-card').first().waitFor();
  });

  it('works where service workers are blocked', async () => {
    const page = await stage.page({ url: '/', contextOptions: { serviceWorkers: 'block' } });
    await page.getByTestId('task-card').first().waitFor();
  });
});

describe('a new version on the server', () => {
  let other: ReturnType<typeof buildAnotherVersion>;

  beforeEach(() => {
    other = buildAnotherVersion(PAGES);
  });
  afterEach(() => other.remove());

  it('leaves a tab that takes part as it is, to the end of the round and beyond; then it is taken on request', async () => {
    const page = await stage.page({ url: '/t/mnist?limit=60&backend=wasm' });
    await kept(page);
    await joinWithSample(page);
    const [loadedAt, entry] = [await page.evaluate(() => performance.timeOrigin), await entryOf(page)];
    // Chunks this tab has not asked for yet: what else there is in the old version.
    const unloaded = await page.evaluate(async () => {
      const loaded = new Set(performance.getEntriesByType('resource').map(({ name }) => name));
      const keys = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return keys
        .flat()
        .map(({ url }) => url)
        .filter((url) => url.endsWith('.js') && !loaded.has(url));
    });
    expect(unloaded.length).toBeGreaterThan(3);

    await stage.restart({ pages: other.folder });
    await page.locator('main[data-connection="connected"]').waitFor();
    await comeBack(page);
    const notice = page.getByTestId('new-version');
    await notice.waitFor();
    expect(await notice.getByRole('button').count()).toBe(0);
    await snap(page, 'new-version-busy');

    await joinHeadless(stage, 2, { limit: 60 });
    await stage.run();
    await page.locator('main[data-published="1"]').waitFor();
    for (const url of unloaded) {
      expect((await fetch(url)).status).toBe(404);
      expect(await page.evaluate(async (chunk) => (await fetch(chunk)).status, url)).toBe(200);
    }
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);

    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.locator('main[data-stage="apart"]').waitFor();
    await snap(page, 'new-version');
    await page.reload();
    await page.getByTestId('participant').waitFor();
    expect(await entryOf(page)).not.toBe(entry);
    expect(await page.getByTestId('new-version').count()).toBe(0);
    // Alone and of the new version: nothing of the old is needed any more.
    await expect
      .poll(() => page.evaluate(async (old) => (await caches.match(old)) === undefined, entry!), { timeout: 30_000 })
      .toBe(true);
    await stage.restart();
  });

  it('is loaded by a tab that nobody uses, when the person says so', async () => {
    const page = await stage.page({ url: '/' });
    await kept(page);
    const entry = await entryOf(page);
    await stage.restart({ pages: other.folder });
    await comeBack(page);
    await page.getByTestId('new-version').getByRole('button').click();
    await page.waitForFunction(
      (old) => document.querySelector('script[type="module"]')?.getAttribute('src') !== old,
      entry,
    );
    await page.getByTestId('task-card').first().waitFor();
    expect(await page.getByTestId('new-version').count()).toBe(0);
    await stage.restart();
  });
});
