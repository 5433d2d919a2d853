import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, joinWithSample } from '../src/browser.ts';
import { findEnglish } from '../src/german.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

/** How people really come, stay, wander off and come back. */

const PAGE = '/t/mnist?shard=1/20&limit=60&backend=cpu';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await joinHeadless(stage, 2, { limit: 60, url: stage.coordinator.localUrl });
});

afterAll(() => stage.close());

afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
  for (const { run, state } of stage.coordinator.runs.list())
    if (state === 'running' || state === 'paused') await stage.coordinator.runs.stop(run);
});

const moment = (page: Page, name: string) => page.locator(`main[data-moment="${name}"]`).waitFor({ timeout: 60_000 });
const everybodyRuns = (rounds = 1) => stage.run({ rounds, cohort: { least: 3 } });
const included = (page: Page, times: number) =>
  page.locator(`main[data-moment="finished"][data-included="${times}"]`).waitFor({ timeout: 60_000 });

describe('two tabs of one device', () => {
  it('take part one at a time: the second says so, and can take over when the first is closed', async () => {
    const first = await stage.page({ url: PAGE });
    await joinWithSample(first);
    const second = await stage.page({ url: PAGE, context: first.context() });
    await second.getByRole('button', { name: 'Use sample data' }).click();
    await second.getByTestId('data-ready').waitFor();
    await second.getByRole('button', { name: 'Join' }).click();
    await second.getByTestId('problem').filter({ hasText: 'another tab' }).waitFor();
    await snap(second, 'open-elsewhere');
    const device = await first.locator('main').getAttribute('data-device');

    await first.close();
    await second.getByTestId('problem').waitFor({ state: 'hidden' });
    await second.getByRole('button', { name: 'Join' }).click();
    await second.locator('main[data-connection="connected"]').waitFor();
    expect(await second.locator('main').getAttribute('data-device')).toBe(device);
    const onlooker = await stage.page({ url: PAGE, context: second.context() });
    await onlooker.getByTestId('terms').getByText('Not chosen yet').waitFor();
    await everybodyRuns();
    await included(second, 1);
    // A tab that is only open shows what the other one sent, and what it agreed to.
    await onlooker.getByTestId('terms').getByText('Drawn by the coordinator').waitFor();
    await onlooker.getByTestId('history').waitFor();
    const left = (page: Page) =>
      page
        .getByTestId('ledger')
        .getByText(/^[\d,]+ messages/)
        .first()
        .textContent();
    const all = await left(second);
    await expect.poll(() => left(onlooker)).toBe(all);
  });
});

describe('a link that is put into the address bar of an open page', () => {
  it('is taken at once by whoever does not take part, and after leaving by whoever does', async () => {
    const page = await stage.page({ url: PAGE });
    const unnamed = page.getByTestId('trust').getByText('Your link names no study key').first();
    await unnamed.waitFor();
    const follow = (fragment: string) =>
      page.evaluate((hash) => {
        location.hash = hash;
      }, fragment);
    const study = `study=${'ab'.repeat(32)}`;
    await follow(study);
    await unnamed.waitFor({ state: 'detached' });
    await follow('study=ab');
    await page.getByTestId('bad-link').waitFor();
    await follow('');
    await unnamed.waitFor();

    await joinWithSample(page);
    await follow(study);
    await page.getByTestId('other-link').waitFor();
    await snap(page, 'other-link');
    await unnamed.waitFor();
    expect(await page.locator('main').getAttribute('data-stage')).toBe('joined');
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await unnamed.waitFor({ state: 'detached' });
    expect(await page.getByTestId('other-link').count()).toBe(0);
  });
});

describe('a page that is left open', () => {
  it('takes part in the next run when the last is over', async () => {
    const page = await stage.page({ url: PAGE });
    await joinWithSample(page);
    await everybodyRuns();
    await included(page, 1);
    await everybodyRuns();
    await page.locator('main[data-included="2"]').waitFor({ timeout: 60_000 });
    await moment(page, 'finished');
  });

  it('goes on where it was when somebody goes elsewhere and comes back', async () => {
    // Playwright switches off what keeps a page alive in the background.
    const browser: Browser = await chromium.launch({
      ...CHROMIUM,
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    const page = await stage.page({ url: PAGE, context: await browser.newContext() });
    await joinWithSample(page);
    const device = await page.locator('main').getAttribute('data-device');
    await page.goto('about:blank');
    // Taken out of the browser's memory, it does not load.
    await page.goBack({ waitUntil: 'commit' });
    await page.locator('main[data-connection="connected"]').waitFor();
    expect(await page.locator('main').getAttribute('data-device')).toBe(device);
    await everybodyRuns();
    await included(page, 1);
    await browser.close();
  });
});

describe('without a mouse', () => {
  it('somebody takes part by Tab, Enter and Space alone, and always sees where they are', async () => {
    const page = await stage.page({ url: PAGE });
    await page.getByTestId('participant').waitFor();
    await tabTo(page, /^Use sample data$/);
    await page.keyboard.press('Enter');
    await page.getByTestId('data-ready').waitFor();
    await tabTo(page, /^Join$/);
    await page.keyboard.press('Enter');
    await page.locator('main[data-connection="connected"]').waitFor();
    await everybodyRuns();
    await included(page, 1);
    await tabTo(page, /^Leave$/);
    await page.keyboard.press('Space');
    await moment(page, 'left');
  });

  it('somebody takes part on a phone with a finger', async () => {
    const page = await stage.page({ url: PAGE, phone: true });
    await page.getByRole('button', { name: 'Use sample data' }).tap();
    await page.getByTestId('data-ready').waitFor();
    await page.getByRole('button', { name: 'Join', exact: true }).tap();
    await page.locator('main[data-connection="connected"]').waitFor();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, select, summary, [role=tab]')]
        .filter((element) => element.checkVisibility() && !element.closest('header, .sr-only'))
        .map((element) => {
          // A label is as good to touch as what it labels.
          const target = element instanceof HTMLInputElement ? (element.labels?.[0] ?? element) : element;
          return { text: element.textContent || element.outerHTML, height: target.getBoundingClientRect().height };
        })
        .filter(({ height }) => height > 0 && height < 36),
    );
    expect(small).toEqual([]);
  });
});

describe('a person who reads German', () => {
  it('reads it from the first word to the last', async () => {
    const page = await stage.page({ url: PAGE, locale: 'de-CH' });
    const isGerman = async (name: string) => {
      expect(await findEnglish(page), name).toEqual([]);
      await snap(page, `german-${name}`);
    };
    await page.getByTestId('participant').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await isGerman('task');
    await page.getByTestId('data').getByRole('button').first().click();
    await page.getByTestId('data-ready').waitFor();
    await page.locator('[aria-describedby=join-hint]').filter({ hasText: 'Mitmachen' }).click();
    await page.locator('main[data-connection="connected"]').waitFor();
    await isGerman('waiting');
    await everybodyRuns();
    await included(page, 1);
    await isGerman('finished');
    await page.goto(`${stage.url}/t/nichts`);
    await page.getByTestId('unknown-task').waitFor();
    await isGerman('unknown-task');
    await page.goto(`${stage.url}/`);
    await page.getByTestId('task-card').first().waitFor();
    await isGerman('home');
  });
});

describe('what moves and what counts', () => {
  it('nothing moves for a person who asked for less of it', async () => {
    const page = await stage.page({ url: PAGE, contextOptions: { reducedMotion: 'reduce' } });
    await joinWithSample(page);
    const moving = await page.evaluate(() =>
      document.getAnimations().flatMap(({ effect, playState }) => {
        const { duration, iterations } = effect!.getComputedTiming();
        return playState === 'running' && (Number(duration) > 10 || iterations === Number.POSITIVE_INFINITY)
          ? String((effect as KeyframeEffect).target?.className)
          : [];
      }),
    );
    expect(moving).toEqual([]);
  });

  it.each([
    ['en-GB', '12,345'],
    ['de-DE', '12.345'],
  ])('thousands of participants are counted as people in %s write them', async (locale, written) => {
    const page = await stage.page({ locale });
    await page.route('**/api/tasks/mnist', async (route) => {
      const answer = await route.fetch();
      const view = await answer.json();
      await route.fulfill({ response: answer, json: { ...view, status: { ...view.status, present: 12_345 } } });
    });
    await page.goto(`${stage.url}${PAGE}`);
    await page.getByTestId('presence').getByText(written).waitFor();
  });
});

/** Presses Tab until something of this name has the focus, and shows it. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab');
    const { text, visible } = await page.evaluate(() => {
      const focused = document.activeElement!;
      const { outlineStyle, boxShadow } = getComputedStyle(focused);
      return { text: focused.textContent?.trim() ?? '', visible: outlineStyle !== 'none' || boxShadow !== 'none' };
    });
    passed.push(text.slice(0, 30));
    if (!name.test(text)) continue;
    expect(visible, text).toBe(true);
    return;
  }
  throw new Error(`${name} cannot be reached by Tab; what was passed: ${passed.join(' | ')}`);
}
