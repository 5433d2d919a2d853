import { join } from 'node:path';
import type { Page, Worker } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_PAGES } from '../src/browser.ts';
import { fileOf } from '../src/pictures.ts';
import { watchProgress } from '../src/progress.ts';
import { buildAnotherVersion } from '../src/redeployment.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

/** What the page loads when it is needed, and what it says where that does not come. */

const PAGES = BUILT_PAGES.pages ?? join(import.meta.dirname, '../../apps/web/dist');
const JOIN = '/t/mnist?limit=60&backend=wasm';
/** Nothing is kept of the page but by the browser's own cache. */
const UNKEPT = { contextOptions: { serviceWorkers: 'block' } } as const;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
});
afterAll(() => stage.close());

async function chooseAndJoin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
}

const takesPart = (page: Page) => page.locator('main[data-connection="connected"]').waitFor();

/** The files that the page lists as those of its Workers. */
const listedFiles = (page: Page) =>
  page.evaluate(() =>
    Object.values(JSON.parse(document.getElementById('code-parts')?.textContent ?? '{}') as Record<string, [string][]>)
      .flat()
      .map(([file]) => `/${file}`),
  );

/** What a Worker asked for, and how much of that was not in the browser's cache, headers included. */
const filesLoadedBy = (worker: Worker) =>
  worker.evaluate(() =>
    performance.getEntriesByType('resource').map((entry) => ({
      path: new URL(entry.name).pathname,
      sent: (entry as PerformanceResourceTiming).transferSize,
    })),
  );

describe('what learns and what seals', () => {
  it('is loaded with a bar that follows its bytes, and is all that the Workers load', async () => {
    const page = await stage.page({ url: JOIN, ...UNKEPT });
    const drawn = await watchProgress(page);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 20,
      downloadThroughput: 400_000,
      uploadThroughput: -1,
    });
    await chooseAndJoin(page);
    await takesPart(page);
    expect((await drawn()).length).toBeGreaterThan(10);

    const listed = await listedFiles(page);
    const loaded = (await Promise.all(page.workers().map(filesLoadedBy))).flat();
    for (const { path, sent } of loaded) {
      expect(listed).toContain(path);
      expect(sent, path).toBe(0);
    }
    const paths = loaded.map(({ path }) => path).join();
    for (const name of ['tfjs-backend-wasm-simd', 'seal_allows']) expect(paths).toContain(name);
  });

  it('has one bar, which says how far each is', async () => {
    const page = await stage.page({ url: JOIN, ...UNKEPT });
    const held = Promise.withResolvers<void>();
    await page.route('**/assets/seal_allows-*.wasm', async (route) => {
      await held.promise;
      await route.continue();
    });
    await chooseAndJoin(page);
    const moment = page.getByTestId('moment');
    await moment.getByText(/what learns \(100 %\) and what seals \(\d+ %\)/).waitFor();
    const bar = page.getByRole('progressbar', { includeHidden: true });
    expect(await bar.count()).toBe(1);
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(40);
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(60);
    await snap(page, 'learning-loading');
    held.resolve();
    await takesPart(page);
  });

  it('is not gone on with once somebody has left', async () => {
    const page = await stage.page({ url: JOIN, ...UNKEPT });
    const held = Promise.withResolvers<void>();
    await page.route('**/assets/seal_allows-*.wasm', async (route) => {
      await held.promise;
      await route.continue().catch(() => {});
    });
    await chooseAndJoin(page);
    await page.locator('main[data-moment="preparing"]').waitFor();
    const given = page.waitForEvent('requestfailed', (request) => request.url().includes('seal_allows'));
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await given;
    held.resolve();
    await page.locator('main[data-stage="apart"]').waitFor();
    expect(page.workers()).toEqual([]);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await takesPart(page);
  });
});

describe('words that do not arrive', () => {
  it('are said in both languages to be missing, and come with another try', async () => {
    const page = await stage.page(UNKEPT);
    await page.route('**/assets/en-*.js', (route) => route.abort());
    await page.goto(new URL('/t/mnist', stage.url).href);
    const wordless = page.getByTestId('wordless');
    await wordless.getByText('could not be loaded completely').waitFor();
    await wordless.getByText('nicht vollständig geladen').waitFor();
    await snap(page, 'wordless');

    stage.line.cut();
    await page.getByRole('button', { name: 'Try again' }).click();
    await wordless.getByText('still cannot be reached').waitFor();
    stage.line.mend();
    await page.unroute('**/assets/en-*.js');
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
    await page.getByTestId('participant').waitFor();
  });
});

describe('where the server has another version only', () => {
  it('whoever brings files is told of it, and can load it', async () => {
    const other = buildAnotherVersion(PAGES);
    const page = await stage.page({ url: '/t/mnist', ...UNKEPT });
    await page.locator('[data-source=pictures]').click();
    await stage.restart({ pages: other.folder });
    await page.locator('input[type=file]:not([webkitdirectory])').setInputFiles([fileOf('1.png', 'no picture')]);
    const problem = page.getByTestId('intake-problem');
    await problem.getByText('There is a new version of this page').waitFor();
    await snap(page, 'intake-new-version');
    await problem.getByRole('button', { name: 'Load it' }).click();
    await page.waitForLoadState();
    await page.getByTestId('participant').waitFor();
    expect(await page.getByTestId('new-version').count()).toBe(0);
    await stage.restart();
    other.remove();
  });

  it('whoever takes part is told of it once a Worker that ended cannot be had again', async () => {
    const other = buildAnotherVersion(PAGES);
    const page = await stage.page({ url: JOIN, ...UNKEPT });
    await chooseAndJoin(page);
    await takesPart(page);
    await stage.restart({ pages: other.folder });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.clearBrowserCache');
    for (const worker of page.workers())
      if ((await worker.evaluate(() => self.name)).startsWith('sotto-sealer-'))
        await worker.evaluate(() => self.close());
    await joinHeadless(stage, 2, { limit: 60 });
    await takesPart(page);
    const { run } = await stage.run();
    await page.getByTestId('problem').getByText('There is a new version of this page').waitFor();
    await stage.coordinator.runs.stop(run);
    await stage.restart();
    other.remove();
  });
});
