import type { Browser, Page } from 'playwright-core';
import type { Watched } from './figures.ts';
import { findLongTasks, type TraceEvent } from './long-tasks.ts';

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
export async function watch(browser: Browser, page: Page, work: () => Promise<void>): Promise<Watched> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8.execute'] });
  const began = performance.now();
  await work();
  const ms = performance.now() - began;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return { ms, longTasks: findLongTasks(trace.traceEvents, new URL(page.url()).origin) };
}
