import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_PAGES, joinWithSample } from '../src/browser.ts';
import { alterFile, buildAnotherVersion, type OtherPages } from '../src/redeployment.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

const PAGES = BUILT_PAGES.pages ?? join(import.meta.dirname, '../../apps/web/dist');

const ALL_AS_LISTED = /All \d+ files are the ones listed/;

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

/** Another tab of the same browser, which has said that it is there. */
async function openAnother(page: Page): Promise<void> {
  await stage.page({ url: '/', context: page.context() });
  const open = () =>
    page.evaluate(async () => (await navigator.locks.query()).held?.filter(({ name }) => name === 'sotto/page').length);
  await expect.poll(open, { timeout: 30_000 }).toBe(2);
}

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
  let other: OtherPages;

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
        .map(({ url }) => url.replace(/\?.*/, ''))
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
      .poll(
        () => page.evaluate(async (old) => (await caches.match(old, { ignoreSearch: true })) === undefined, entry!),
        { timeout: 30_000 },
      )
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

  it('is what a tab without a kept page is told of wherever a part of the old one is missing', async () => {
    const page = await stage.page({
      url: '/t/mnist?limit=60&backend=wasm',
      contextOptions: { serviceWorkers: 'block' },
    });
    await page.getByRole('button', { name: 'Use sample data' }).click();
    await page.getByTestId('data-ready').waitFor();
    await stage.restart({ pages: other.folder });

    await page.getByLabel('Language').selectOption('de');
    await page.getByTestId('language-missing').filter({ hasText: 'new version' }).waitFor();
    expect(await page.getByLabel('Language').inputValue()).toBe('en');
    const notice = page.getByTestId('new-version');
    await notice.getByText('chosen anew').waitFor();

    await page.getByRole('button', { name: 'Join', exact: true }).click();
    const problem = page.getByTestId('problem');
    await problem.getByText('There is a new version of this page').waitFor();
    await snap(page, 'new-version-needed');
    const entry = await entryOf(page);
    await problem.getByRole('button', { name: 'Load it' }).click();
    await page.waitForFunction(
      (old) => document.querySelector('script[type="module"]')?.getAttribute('src') !== old,
      entry,
    );
    // It had wanted to take part.
    await page.locator('main[data-connection="connected"]').waitFor();
    await stage.restart();
  });

  it('is what the page is compared with, not what was kept of the version before', async () => {
    const page = await stage.page({ url: '/t/mnist' });
    await kept(page);
    await page.getByTestId('what-runs').locator('summary').click();
    await page.getByTestId('page-code').waitFor();
    await stage.restart({ pages: other.folder });
    const compare = page.getByRole('button', { name: 'Compare with the files served' });
    await compare.click();
    await page.getByTestId('comparison').getByText('another version').waitFor();
    // Its worker stays the one of the version before, as another tab goes on with that.
    await openAnother(page);
    await page.reload();
    await page.getByTestId('what-runs').locator('summary').click();
    await compare.click();
    await page.getByTestId('comparison').getByText(ALL_AS_LISTED).waitFor();
    await stage.restart();
  });
});

describe('a file that is not what its name says', () => {
  // One that the page asks for late, or never.
  const file = `assets/${readdirSync(join(PAGES, 'assets')).find((name) => /^uPlot.*\.js$/.test(name))}`;
  const text = readFileSync(join(PAGES, file), 'utf8');
  const got = (page: Page) => page.evaluate(async (path) => (await fetch(path)).text(), `/${file}`);

  it('is not kept, whoever put it in the place of the right one', async () => {
    const damaged = alterFile(PAGES, file, { listed: false });
    await stage.restart({ pages: damaged.folder });
    const page = await stage.page({ url: '/t/mnist' });
    const state = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.register('/sw.js');
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      while (worker?.state === 'installing')
        await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
      return worker?.state ?? 'redundant';
    });
    expect(state).toBe('redundant');
    await stage.restart();
    await page.reload();
    await kept(page);
    expect(await got(page)).toBe(text);
    damaged.remove();
  });

  it('is gone with the next version, though that calls it the same', async () => {
    const broken = alterFile(PAGES, file, { listed: true });
    await stage.restart({ pages: broken.folder });
    const page = await stage.page({ url: '/' });
    await kept(page);
    expect(await got(page)).not.toBe(text);
    await stage.restart();
    await page.reload();
    await expect.poll(() => got(page), { timeout: 30_000 }).toBe(text);
    broken.remove();
  });

  it('is found by comparing, and fetched anew on request, but not while the page takes part', async () => {
    const page = await stage.page({ url: '/t/mnist?limit=60&backend=wasm' });
    await kept(page);
    await page.reload();
    await page.evaluate(async (path) => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys())
          if (new URL(request.url).pathname === path)
            await cache.put(request, new Response('// altered', { headers: { 'content-type': 'text/javascript' } }));
      }
    }, `/${file}`);
    expect(await got(page)).toBe('// altered');
    await joinWithSample(page);
    await page.getByTestId('what-runs').locator('summary').click();
    await page.getByRole('button', { name: 'Compare with the files served' }).click();
    await page.getByTestId('comparison').getByText(`Not as listed: ${file}`).waitFor();
    const anew = page.getByRole('button', { name: 'Fetch this page anew' });
    await anew.click();
    await page.getByText('Leave first').waitFor();
    await snap(page, 'code-anew-busy');
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.locator('main[data-stage="apart"]').waitFor();
    await Promise.all([page.waitForEvent('load'), anew.click()]);
    await page.getByTestId('what-runs').locator('summary').click();
    await page.getByTestId('page-code').waitFor();
    await page.getByRole('button', { name: 'Compare with the files served' }).click();
    await page.getByTestId('comparison').getByText(ALL_AS_LISTED).waitFor();
    expect(await got(page)).toBe(text);
  });
});
