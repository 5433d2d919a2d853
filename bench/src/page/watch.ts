import type { Browser, Page } from 'playwright-core';
import { LONG_MS, type LongTask, type Watched } from './figures.ts';

declare global {
  /** Of this bench, in the page. */
  var longTasks: LongTask[];
}

/** A tab that has its examples and is asked for nothing yet. */
export async function openReady(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
  return page;
}

/** Counts long tasks of our scripts on the main thread for as long as `work` takes. */
export async function watch(page: Page, work: () => Promise<void>): Promise<Watched> {
  await page.evaluate(noteLongTasks, LONG_MS);
  const began = performance.now();
  await work();
  return { ms: performance.now() - began, longTasks: await page.evaluate(() => globalThis.longTasks) };
}

/**
 * Runs in the page. Long animation frames name the scripts in them (W3C Long Animation Frames API), so that what the browser does for
 * itself, or a driver asks of the page, is not counted as ours.
 */
function noteLongTasks(least: number): void {
  interface Script {
    readonly duration: number;
    readonly sourceURL: string;
    readonly sourceFunctionName: string;
    readonly invoker: string;
  }
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const frame of list.getEntries() as (PerformanceEntry & { readonly scripts: readonly Script[] })[])
      for (const { duration, sourceURL, sourceFunctionName, invoker } of frame.scripts)
        if (duration > least && sourceURL.startsWith(location.origin))
          globalThis.longTasks.push({
            ms: Math.round(duration),
            script: `${new URL(sourceURL).pathname} ${sourceFunctionName || '(anonymous)'} by ${invoker}`,
          });
  }).observe({ type: 'long-animation-frame' });
}
