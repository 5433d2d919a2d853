import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS } from '../../scripts/browser.ts';

/** For `startCoordinator`: pages that were built elsewhere than in the repository, where SOTTO_TEST_PAGES names their folder. */
export const BUILT_PAGES: { readonly pages?: string } = process.env.SOTTO_TEST_PAGES
  ? { pages: process.env.SOTTO_TEST_PAGES }
  : {};

/** How Chromium is started. */
export const CHROMIUM = { executablePath: process.env.SOTTO_CHROMIUM ?? '/usr/bin/chromium', args: BROWSER_ARGS };

export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ ...CHROMIUM, args: [...BROWSER_ARGS, ...args] });
}

/** A tab with a profile of its own: another device. What its scripts complain of ends up in `complaints`. */
export async function openTab(browser: Browser, url: string, complaints: string[]): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** Does what a person does to take part with the sample data. */
export async function joinWithSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.locator('main[data-connection="connected"]').waitFor();
}
