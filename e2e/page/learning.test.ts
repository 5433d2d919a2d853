import type { Page, Worker } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { joinWithSample } from '../src/browser.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

/**
 * Learning live, and what may go wrong with it. Two participants in this process take part beside the page; they learn when they are let.
 */

const OTHERS = 2;
const PAGE = '/t/mnist?shard=1/20';
/** So many that the page still learns when something happens to it. */
const LONG = `${PAGE}&limit=1500`;

let stage: Stage;
let page: Page;
let othersMayLearn: PromiseWithResolvers<void>;

beforeAll(async () => {
  stage = await startStage({ args: ['--enable-unsafe-webgpu'] });
  othersMayLearn = Promise.withResolvers();
  await joinHeadless(stage, OTHERS, {
    limit: 60,
    url: stage.coordinator.localUrl,
    beforeLearning: () => othersMayLearn.promise,
  });
});

afterAll(() => stage.close());

beforeEach(() => {
  othersMayLearn = Promise.withResolvers();
});

afterEach(async () => {
  othersMayLearn.resolve();
  stage.line.mend();
  stage.line.release();
  for (const context of stage.browser.contexts()) await context.close();
  for (const { run, state } of stage.coordinator.runs.list())
    if (state === 'running' || state === 'paused') await stage.coordinator.runs.stop(run);
});

const moment = (name: string) => page.locator(`main[data-moment="${name}"]`).waitFor({ timeout: 120_000 });
const startRun = (rounds = 1) =>
  stage.run({ rounds, cohort: { least: OTHERS + 1 }, minimumCohort: 3, durations: { returnMs: 30_000 } });
const learning = async (url: string) => {
  page = await stage.page({ url });
  await joinWithSample(page);
  await startRun();
  await moment('learning');
  // Half of the first pass: there is something to lose.
  await page.getByText(/Pass 1 of/).waitFor({ timeout: 180_000 });
};
const NO_WEBGPU = "Object.defineProperty(navigator, 'gpu', { value: undefined })";
/** Runs this in every Worker of the page, before it does anything. */
const beginWorkersWith = (code: string) =>
  page.route('**/assets/host.browser-*.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${code};${await answer.text()}` });
  });
/** The round is published, with this page's update in it. */
const included = async () => {
  othersMayLearn.resolve();
  await page.locator('main[data-included="1"]').waitFor({ timeout: 120_000 });
};
/** The page's Worker of this name. */
async function workerNamed(name: string): Promise<Worker> {
  for (const worker of page.workers())
    if ((await worker.evaluate(() => self.name)).startsWith(`sotto-${name}-`)) return worker;
  throw new Error(`${name}: there is no such worker among ${page.workers().length}`);
}

describe('a round goes on', () => {
  it('when the browser ends the Worker that seals', async () => {
    page = await stage.page({ url: `${PAGE}&limit=300&backend=wasm` });
    await joinWithSample(page);
    const sealer = await workerNamed('sealer');
    await startRun();
    const sealing = () => document.querySelector('main')?.dataset.phase === 'sealing';
    await page.waitForFunction(sealing, undefined, { polling: 'raf' });
    await sealer.evaluate(() => self.close());
    await included();
    expect(await workerNamed('sealer')).not.toBe(sealer);
  });

  it('when the graphics card is lost in mid-training', async () => {
    page = await stage.page();
    // TF.js keeps its context to itself: every one that a Worker asks for is noted.
    page.on('worker', (worker) => {
      void worker.evaluate(() => {
        const noted: unknown[] = [];
        Object.assign(self, { noted });
        const original = OffscreenCanvas.prototype.getContext as (...args: unknown[]) => unknown;
        Object.assign(OffscreenCanvas.prototype, {
          getContext(this: OffscreenCanvas, ...args: unknown[]) {
            const context = original.apply(this, args);
            noted.push(context);
            return context;
          },
        });
      });
    });
    await page.goto(new URL(`${PAGE}&limit=1000&backend=webgl`, stage.url).href);
    await joinWithSample(page);
    await startRun();
    await page.getByText(/Pass 1 of/).waitFor({ timeout: 180_000 });
    const lost = await (await workerNamed('learner')).evaluate(() => {
      const { noted } = self as unknown as { noted: (WebGL2RenderingContext | null)[] };
      const alive = noted.filter((context) => context && !context.isContextLost());
      for (const context of alive) context?.getExtension('WEBGL_lose_context')?.loseContext();
      return alive.length;
    });
    expect(lost).toBeGreaterThan(0);
    await included();
  });

  it('when the browser’s graphics process crashes under WebGPU', async () => {
    await learning(`${PAGE}&limit=300&backend=webgpu`);
    const cdp = await stage.browser.newBrowserCDPSession();
    await cdp.send('Browser.crashGpuProcess').catch(() => {});
    await included();
  });

  it('without graphics at all: no WebGPU, no WebGL', async () => {
    page = await stage.page({ contextOptions: { serviceWorkers: 'block' } });
    await page.addInitScript(NO_WEBGPU);
    await beginWorkersWith(`${NO_WEBGPU}; OffscreenCanvas.prototype.getContext = () => null;`);
    await page.goto(new URL(`${PAGE}&limit=100`, stage.url).href);
    await joinWithSample(page);
    await page.getByText('Learns with').click();
    expect(await page.getByTestId('backend').textContent()).toMatch(/webgl\s*not on this device/);
    await startRun();
    await included();
  });
});

describe('what computes', () => {
  it('is remembered, tested again on demand, and chosen by the person; what cannot be used is said', async () => {
    page = await stage.page({ url: `${PAGE}&limit=100`, contextOptions: { serviceWorkers: 'block' } });
    await page.getByText('How this device computes').click();
    await snap(page, 'learning-backend-untested');
    await joinWithSample(page);
    const backend = page.getByTestId('backend');
    expect(await backend.getAttribute('data-backend')).toBe('wasm');
    await page.getByText('Each was tried on a tiny model').waitFor();
    await snap(page, 'learning-backend-tested');

    await page.getByRole('button', { name: 'Leave' }).click();
    await moment('left');
    await page.reload();
    await joinWithSample(page);
    await page.getByText('Learns with').click();
    await page.getByText('Tested on an earlier visit').waitFor();
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByText('Each was tried on a tiny model').waitFor();

    await page.getByLabel('Compute with').selectOption('cpu');
    await page.locator('[data-backend="cpu"]').waitFor();
    await page.getByRole('button', { name: 'Leave' }).click();
    await moment('left');

    await beginWorkersWith(NO_WEBGPU);
    await page.reload();
    await page.getByText('How this device computes').click();
    await page.getByLabel('Compute with').selectOption('webgpu');
    await joinWithSample(page);
    expect(await page.getByTestId('backend-refused').textContent()).toContain('WebGPU');
    expect(await backend.getAttribute('data-backend')).toBe('wasm');
    await snap(page, 'learning-backend-refused');
  });
});

describe('a person', () => {
  it('pauses in mid-training, is not waited for, and goes on in the next round', async () => {
    await learning(`${LONG}&backend=cpu`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await moment('resting');
    await snap(page, 'learning-resting');
    await expect.poll(() => stage.coordinator.runs.status('mnist')?.present).toBe(OTHERS);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => stage.coordinator.runs.status('mnist')?.present).toBe(OTHERS + 1);
    expect(await page.locator('main').getAttribute('data-phase')).toBe('idle');
  });

  it('whose tab sleeps while the others go on is told so when it wakes', async () => {
    page = await stage.page();
    // The clock jumps while the tab is frozen.
    await page.addInitScript(() => {
      const now = Date.now;
      let skipped = 0;
      Date.now = () => now() + skipped;
      document.addEventListener('resume', () => {
        skipped += 600_000;
      });
    });
    await page.goto(new URL(`${LONG}&backend=cpu`, stage.url).href);
    await joinWithSample(page);
    const { run } = await startRun();
    await page.getByText(/Pass 1 of/).waitFor({ timeout: 180_000 });
    // No headless browser freezes a tab: the events of one, and a line on which nothing leaves.
    await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
    stage.line.hold();
    await stage.coordinator.runs.stop(run);
    await page.getByTestId('missed').waitFor();
    await snap(page, 'learning-missed');
    stage.line.release();
    await page.evaluate(() => document.dispatchEvent(new Event('resume')));
    await page.getByTestId('slept').waitFor();
    expect(await page.getByTestId('slept').textContent()).toMatch(/asleep for 10 min.*went on without this device/);
    await page.locator('main[data-connection="connected"]').waitFor();
    await snap(page, 'learning-slept');
  });
});

it('every moment of a round has its words and its look', async () => {
  page = await stage.page();
  const stalled = Promise.withResolvers<void>();
  await page.route('**/assets/start.browser-*.js', async (route) => {
    await stalled.promise;
    await route.continue();
  });
  await page.goto(new URL(`${PAGE}&limit=2500&backend=cpu`, stage.url).href);
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
  await snap(page, 'learning-apart');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await moment('preparing');
  await snap(page, 'learning-preparing');
  stalled.resolve();
  await page.locator('main[data-connection="connected"]').waitFor();
  await snap(page, 'learning-waiting');

  // Only the page's own bytes go by this line.
  const stopped = stage.line.stopAfter(250_000);
  const { run } = await startRun(2);
  await moment('learning');
  await page.getByTestId('learning-plot').waitFor();
  await snap(page, 'learning-under-way');
  await stopped;
  await moment('sending');
  await snap(page, 'learning-sending');
  stage.line.release();
  await moment('sent');
  await snap(page, 'learning-sent');
  await stage.coordinator.runs.pause(run);
  await included();
  await moment('paused');
  await snap(page, 'learning-study-paused');
  await stage.coordinator.runs.resume(run);
  await page.getByTestId('own-checks').waitFor({ timeout: 120_000 });
  await page.locator('main[data-included="2"]').waitFor({ timeout: 120_000 });
  // No round begins with the last model, and it is checked all the same.
  await page.getByTestId('own-checks').getByRole('img', { name: 'round 2:' }).waitFor({ timeout: 60_000 });
  await snap(page, 'learning-all-rounds');
});

it('so has every way of not being there', async () => {
  page = await stage.page({ url: `${PAGE}&limit=60&backend=cpu` });
  await joinWithSample(page);
  stage.line.cut();
  await moment('reconnecting');
  await snap(page, 'learning-reconnecting');
  stage.line.mend();
  await page.locator('main[data-connection="connected"]').waitFor();
  await page.getByRole('button', { name: 'Leave' }).click();
  await moment('left');
  await snap(page, 'learning-left');
  await page.goto(new URL(`${PAGE}&limit=60&backend=cpu#coordinator=${'ab'.repeat(32)}`, stage.url).href);
  await page.reload();
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await moment('refused');
  await snap(page, 'learning-refused');
});
