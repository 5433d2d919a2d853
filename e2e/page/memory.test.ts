import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keptInBrowser, rememberedExamples } from '../src/kept.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
// Who still takes part would be counted in the next test.
afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
});

const DIGITS = '/t/mnist?shard=3/1000&limit=20&backend=cpu';
const TABLE = '/t/breast-cancer?shard=1/5&limit=20&backend=cpu';

async function chooseSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
}

async function remember(page: Page): Promise<void> {
  await chooseSample(page);
  await page.getByTestId('remember').getByRole('checkbox').check();
  await page.locator('[data-kept=true]').waitFor();
}

async function join(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await joined(page);
}

const joined = (page: Page) => page.locator('main[data-connection="connected"]').waitFor();

async function forget(page: Page, confirm = 'Delete it all'): Promise<void> {
  await page.getByRole('button', { name: 'Forget everything' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: confirm }).click();
}

describe('remembered examples', () => {
  it('are offered when somebody comes back, and gone when they say so', async () => {
    const page = await stage.page({ url: DIGITS });
    await chooseSample(page);
    await snap(page, 'memory-choice');
    await page.getByTestId('remember').getByRole('checkbox').check();
    await page.locator('[data-kept=true]').waitFor();
    await snap(page, 'memory-kept');
    const context = page.context();
    await page.close();

    const later = await stage.page({ url: DIGITS, context });
    await later.getByTestId('remembered').waitFor();
    await snap(later, 'memory-offered');
    await later.getByRole('button', { name: 'Use them' }).click();
    await later.getByTestId('data-ready').waitFor();
    await snap(later, 'memory-in-use');
    await later.getByRole('button', { name: 'Choose other examples' }).click();
    await later.getByRole('button', { name: 'Forget them' }).click();
    await later.getByTestId('remembered').waitFor({ state: 'detached' });
    expect(await rememberedExamples(later, '/mnist')).toBeNull();
  });

  it('are those of one task and one device', async () => {
    const page = await stage.page({ url: DIGITS });
    await remember(page);
    for (const other of [TABLE, `${DIGITS}&device=2`]) {
      await page.goto(new URL(other, stage.url).href);
      await page.getByRole('button', { name: 'Use sample data' }).waitFor();
      expect(await page.getByTestId('remembered').count()).toBe(0);
    }
    await page.goto(new URL(DIGITS, stage.url).href);
    await page.getByTestId('remembered').waitFor();
  });

  it('are not replaced by sample data that somebody tries in between', async () => {
    const page = await stage.page({ url: DIGITS });
    await remember(page);
    const before = await rememberedExamples(page, '/mnist');
    await page.goto(new URL(DIGITS.replace('3/1000', '4/1000'), stage.url).href);
    await page.getByRole('button', { name: 'Use them' }).click();
    await page.getByRole('button', { name: 'Choose other examples' }).click();
    await chooseSample(page);
    expect(await page.getByTestId('remember').getByRole('checkbox').isChecked()).toBe(false);
    expect(await rememberedExamples(page, '/mnist')).toEqual(before);
    await page.getByTestId('remember').getByRole('checkbox').click();
    await page.getByTestId('replacing').getByText('20 other examples').waitFor();
    await snap(page, 'memory-replacing');
    expect(await rememberedExamples(page, '/mnist')).toEqual(before);
    await page.getByRole('button', { name: 'Replace them' }).click();
    await page.locator('[data-kept=true]').waitFor();
    expect(await rememberedExamples(page, '/mnist')).not.toEqual(before);
  });

  it('that do not fit what is learned any more are not used', async () => {
    const page = await stage.page({ url: DIGITS });
    await remember(page);
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open('sotto.examples');
          opening.onsuccess = () => {
            const transaction = opening.result.transaction('about', 'readwrite');
            const store = transaction.objectStore('about');
            const request = store.get('/mnist');
            request.onsuccess = () => store.put({ ...request.result, form: 'of another time' }, '/mnist');
            transaction.oncomplete = () => {
              opening.result.close();
              resolve();
            };
          };
        }),
    );
    await page.reload();
    await page.getByTestId('remembered').getByText('has changed since').waitFor();
    expect(await page.getByRole('button', { name: 'Use them' }).count()).toBe(0);
    await snap(page, 'memory-unfitting');
  });

  it('are not, when there is no room: the page says so and takes part all the same', async () => {
    const page = await stage.page({ url: DIGITS });
    await chooseSample(page);
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('no room', 'QuotaExceededError');
      };
    });
    await page.getByTestId('remember').getByRole('checkbox').click();
    await page.getByText('This browser has no room for').waitFor();
    expect(await page.getByTestId('remember').getByRole('checkbox').isChecked()).toBe(false);
    await snap(page, 'memory-full');
  });
});

describe('a reload of a tab that takes part', () => {
  it('goes on by itself with the same part of the sample data, though nothing was remembered', async () => {
    const page = await stage.page({ url: '/t/breast-cancer?backend=cpu' });
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/sample?')) requests.push(request.url());
    });
    await chooseSample(page);
    await join(page);
    await page.reload();
    await joined(page);
    expect(requests).toHaveLength(2);
    expect(requests[1]).toBe(requests[0]);
    expect(await rememberedExamples(page, '/breast-cancer')).toBeNull();
  });

  it('goes on with what was remembered after joining', async () => {
    const page = await stage.page({ url: TABLE });
    await chooseSample(page);
    await join(page);
    await page.getByTestId('examples-in-use').locator('summary').click();
    await page.getByTestId('remember').getByRole('checkbox').check();
    await page.locator('[data-kept=true]').waitFor();
    await snap(page, 'memory-joined');
    await page.reload();
    await joined(page);
  });

  it('asks for examples anew where another tab had its own remembered since', async () => {
    const page = await stage.page({ url: TABLE });
    await remember(page);
    await join(page);
    const other = await stage.page({ url: TABLE.replace('limit=20', 'limit=30'), context: page.context() });
    await other.getByTestId('remembered').waitFor();
    await chooseSample(other);
    await other.getByTestId('remember').getByRole('checkbox').click();
    await other.getByRole('button', { name: 'Replace them' }).click();
    await other.locator('[data-kept=true]').waitFor();
    await other.close();
    await page.reload();
    await page.getByTestId('resume-failed').waitFor();
    await page.getByTestId('remembered').getByText('30 examples').waitFor();
    expect(await page.locator('main').getAttribute('data-stage')).toBe('apart');
  });

  it('asks for examples anew where they were in the page only', async () => {
    const page = await stage.page({ url: TABLE });
    await page.evaluate(() => sessionStorage.setItem('sotto.joined//breast-cancer', '{"with":"lost"}'));
    await page.reload();
    await page.getByTestId('resume-failed').waitFor();
    await snap(page, 'memory-lost');
    await chooseSample(page);
    await page.getByTestId('resume-failed').waitFor({ state: 'detached' });
  });

  it('is a new beginning for whoever left', async () => {
    const page = await stage.page({ url: TABLE });
    await chooseSample(page);
    await join(page);
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.locator('main[data-stage="apart"]').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Use sample data' }).waitFor();
    expect(await page.locator('main').getAttribute('data-stage')).toBe('apart');
  });
});

describe('forgetting everything', () => {
  it('says what goes, leaves the round, deletes it all, of every device and in every tab, and says what was deleted', async () => {
    const page = await stage.page({ url: `${TABLE}&device=a` });
    await remember(page);
    await join(page);
    const other = await stage.page({ url: DIGITS, context: page.context() });
    await remember(other);
    await join(other);
    await other.evaluate(() => localStorage.setItem('sotto-test', '1'));
    const idle = await stage.page({ url: `${DIGITS}&device=idle`, context: page.context() });
    await idle.getByRole('button', { name: 'Forget everything' }).click();
    await idle.getByTestId('forget-leaves').getByText('Another tab takes part').waitFor();
    await idle.close();
    const before = await keptInBrowser(page);
    expect(before.databases).toEqual(expect.arrayContaining(['sotto', 'sotto-a', 'sotto.examples']));

    await page.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByRole('alertdialog').waitFor();
    await snap(page, 'forget-dialog');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it all' }).click();
    await page.locator('[data-testid=forgetting][data-state=done]').waitFor();
    await snap(page, 'forgotten');
    await other.getByTestId('forgotten-elsewhere').waitFor();
    await snap(other, 'forgotten-elsewhere');
    const nothing = { databases: [], settings: [], caches: [], workers: 0 };
    expect(await keptInBrowser(page)).toEqual(nothing);
    expect(await keptInBrowser(other)).toEqual({ ...nothing, settings: expect.not.arrayContaining(['sotto-test']) });
    for (const task of ['mnist', 'breast-cancer'])
      await expect.poll(() => stage.coordinator.runs.status(task)?.present).toBe(0);

    await page.getByRole('button', { name: 'Begin anew' }).click();
    await page.getByRole('button', { name: 'Use sample data' }).waitFor();
    expect(await page.getByTestId('remembered').count()).toBe(0);
  });

  it('waits for a tab that holds on to something, says so, and goes on once that is closed', async () => {
    const page = await stage.page({ url: TABLE });
    const holding = await stage.page({ url: '/', context: page.context() });
    await holding.evaluate(
      () =>
        new Promise<void>((resolve) => {
          indexedDB.open('sotto-held').onsuccess = () => resolve();
        }),
    );
    await forget(page);
    await page.locator('[data-testid=forgetting][data-state=waiting]').waitFor();
    await snap(page, 'forgetting-waits');
    await holding.close();
    await page.locator('[data-testid=forgetting][data-state=done]').waitFor();
    expect((await keptInBrowser(page)).databases).toEqual([]);
  });

  it('asks twice of a member of the committee, and says until when it would better stay', async () => {
    const page = await stage.page({ url: TABLE });
    await chooseSample(page);
    await join(page);
    await joinHeadless(stage, 2, { task: 'breast-cancer', limit: 20 });
    const stop = stage.stopAt('append:vote:before');
    await stage.run({ task: 'breast-cancer' });
    await stop.reached;
    await page.locator('main[data-duty="true"]').waitFor();
    await page.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByTestId('forget-duty').getByText('on the committee until').waitFor();
    await snap(page, 'forget-dialog-duty');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
    const other = await stage.page({ url: DIGITS, context: page.context() });
    await other.getByRole('button', { name: 'Forget everything' }).click();
    await other.getByTestId('forget-duty').getByText('In another tab').waitFor();
    await other.close();
    stop.go();
    await page.locator('main[data-included="1"]').waitFor();
  });
});

it('all of it is there in German', async () => {
  const page = await stage.page({ url: DIGITS, locale: 'de-DE' });
  await page.getByTestId('data').getByRole('button').first().click();
  await page.getByTestId('data-ready').waitFor();
  await page.getByTestId('remember').getByText('auf diesem Gerät merken').waitFor();
  await page.getByTestId('remember').getByRole('checkbox').check();
  await page.locator('[data-kept=true]').waitFor();
  await page.reload();
  await page.getByTestId('remembered').getByText('sind 20 Beispiele hiergeblieben').waitFor();
  await snap(page, 'memory-offered-german');
  await page.getByRole('button', { name: 'Alles vergessen' }).click();
  await page.getByRole('alertdialog').waitFor();
  await snap(page, 'forget-dialog-german');
});
