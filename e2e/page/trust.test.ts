import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinWithSample } from '../src/browser.ts';
import { joinSlow } from '../src/slow.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

const PAGE = '/t/mnist?shard=9/20&limit=60&backend=wasm';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

const sentOf = (page: Page) => page.locator('[data-testid=ledger-entry]:is([data-message=upload],[data-message=part])');

describe('before anybody joins', () => {
  it('says what leaves, who could open it and what exactly runs, to a phone and in German, too', async () => {
    const page = await stage.page({ url: PAGE });
    await page.getByTestId('sealed-meaning').locator('summary').click();
    await page.getByTestId('further-limits').locator('summary').click();
    await page.getByTestId('what-runs').locator('summary').click();
    await page.getByTestId('page-code').waitFor();
    await snap(page, 'trust-before');
    // What the server lists of its files is what it serves.
    await page.getByRole('button', { name: 'Compare with the files served' }).click();
    await page
      .getByTestId('comparison')
      .getByText(/All \d+ files are the ones listed/)
      .waitFor();
    await snap(await stage.page({ url: PAGE, locale: 'de-DE' }), 'trust-german');
  });

  it('tells whoever is served another file than is listed, on a phone, too', async () => {
    const page = await stage.page({ phone: true });
    await page.route('**/build.json', async (route) => {
      const answer = await route.fetch();
      const listed = (await answer.json()) as { files: Record<string, string> };
      listed.files['index.html'] = '0'.repeat(64);
      await route.fulfill({ json: listed });
    });
    await page.goto(`${stage.url}${PAGE}`);
    await page.getByTestId('what-runs').locator('summary').click();
    await page.getByRole('button', { name: 'Compare with the files served' }).click();
    await page.getByTestId('comparison').getByText('Not as listed: index.html').waitFor();
    await snap(page, 'code-differs');
  });
});

describe('on the committee', () => {
  it('says for how long and what it is about, asks before leaving and before closing, and says when it is over', async () => {
    await joinHeadless(stage, 3, { limit: 60 });
    const page = await stage.page({ url: PAGE });
    await joinWithSample(page);
    const { run } = await stage.run({ cohort: { least: 4 } });
    await page.getByTestId('duty').waitFor();
    await page.locator('main[data-published="1"]').waitFor();
    await page.getByTestId('duty-over').waitFor();
    await snap(page, 'duty-over');
    await page.getByTestId('history').getByRole('button', { name: 'Check again' }).click();
    await page.getByTestId('recheck').getByText('Checked just now').waitFor();
    await snap(page, 'history-checked');
    expect(stage.coordinator.runs.get(run)!.state).toBe('finished');
    // The next run counts its rounds anew, and has no model yet: what there is stays in use, under the run it is of.
    await page.getByTestId('run-taken').getByText('The latest run').waitFor();
    await stage.run({ cohort: { least: 9 } });
    await page.getByTestId('run-taken').getByText('An earlier run').waitFor();
    await page.getByTestId('earlier-run').waitFor();
    await page.getByTestId('model').getByRole('button', { name: 'Try the model' }).click();
    await page.locator('[data-testid=workbench][data-model=ready]').waitFor();
  });

  it('a place that is only asked for is called so, to whoever leaves or forgets everything', async () => {
    const page = await stage.page({ url: PAGE });
    await joinWithSample(page);
    await joinHeadless(stage, 2, { limit: 60 });
    const stop = stage.stopAt('append:planned:before');
    await stage.run();
    await stop.reached;
    await page.getByTestId('duty').getByText('may be needed on the committee').waitFor();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('alertdialog').getByText('Others may need this device in a moment').waitFor();
    await snap(page, 'duty-asked-leaving');
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByTestId('forget-duty').getByText('may be chosen for the committee').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    stop.go();
    await page.getByTestId('duty').getByText('is on the committee').waitFor();
    await page.locator('main[data-included="1"]').waitFor();
  });

  it('the person may stay when leaving is asked about, and closing the tab asks, too', async () => {
    await joinHeadless(stage, 2, { limit: 60 });
    // One update is missing, so duty goes on.
    const slow = await joinSlow(stage);
    const page = await stage.page({ url: PAGE });
    await joinWithSample(page);
    await stage.run({ cohort: { least: 4 } });
    await page.getByTestId('duty').waitFor();
    await page.locator('main[data-phase="sent"]').waitFor();
    await snap(page, 'duty');
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('alertdialog').waitFor();
    await snap(page, 'duty-leaving');
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    const [asked] = await Promise.all([page.waitForEvent('dialog'), page.close({ runBeforeUnload: true })]);
    expect(asked.type()).toBe('beforeunload');
    await asked.dismiss();
    expect(await page.locator('main').getAttribute('data-duty')).toBe('true');
    slow.letGo();
    await page.locator('main[data-published="1"]').waitFor();
  });
});

describe('a plan that changes what was agreed to', () => {
  it('is refused with what was before and what is now, also after a reload; who agrees goes on, and who leaves has sent nothing', async () => {
    const before = await joinHeadless(stage, 4, { limit: 60 });
    const first = await stage.run({ minimumCohort: 5, cohort: { least: 5 } });
    const page = await stage.page({ url: PAGE });
    await page.getByTestId('terms').getByText('At least 5 updates').waitFor();
    await joinWithSample(page);
    await page.locator('main[data-included="1"]').waitFor();
    await expect.poll(() => stage.coordinator.runs.get(first.run)!.state).toBe('finished');
    const sent = await sentOf(page).count();
    // Others, who were not there when five was agreed to.
    for (const other of before) await other.close();
    await joinHeadless(stage, 4, { limit: 60 });
    await expect.poll(() => stage.coordinator.runs.status('mnist')?.present).toBe(5);

    const second = await stage.run({ minimumCohort: 3, cohort: { least: 5 } });
    const notice = page.getByTestId('changed-terms');
    await notice.waitFor();
    expect(await page.locator('main').getAttribute('data-moment')).toBe('changed');
    const change = notice.locator('[data-term=minimumCohort]');
    expect(await change.locator('dd').allTextContents()).toEqual(['5', '3']);
    // One choice, and whoever reads by keyboard or ear is led to it.
    expect(await notice.getByRole('heading').evaluate((heading) => heading === document.activeElement)).toBe(true);
    expect(await page.getByRole('button', { name: 'Leave', exact: true }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
    expect(await page.locator('[aria-current="step"]').textContent()).toContain('Take part');
    await snap(page, 'changed-cohort');
    // The others did not wait for it.
    await expect.poll(() => stage.coordinator.runs.get(second.run)!.state, { timeout: 90_000 }).toBe('finished');
    expect(stage.coordinator.runs.get(second.run)!.rounds.at(-1)).toMatchObject({ kind: 'published', contributors: 4 });
    expect(await sentOf(page).count()).toBe(sent);

    await page.reload();
    const third = await stage.run({ minimumCohort: 3, cohort: { least: 4 } });
    await page
      .locator('main[data-stage="joined"]')
      .or(page.getByRole('button', { name: 'Use sample data' }))
      .first()
      .waitFor();
    if ((await page.locator('main').getAttribute('data-stage')) === 'apart') {
      await page.getByRole('button', { name: 'Use sample data' }).click();
      await page.getByTestId('data-ready').waitFor();
      await page.getByRole('button', { name: /^Join/ }).click();
    }
    await notice.waitFor();
    await snap(page, 'changed-at-return');
    await expect.poll(() => stage.coordinator.runs.get(third.run)!.state, { timeout: 60_000 }).toBe('finished');
    expect(await sentOf(page).count()).toBe(sent);
    await notice.getByRole('button', { name: 'Agree to this' }).click();
    await page.locator('main[data-connection="connected"]').waitFor();
    await notice.waitFor({ state: 'hidden' });
    await stage.run({ minimumCohort: 3, cohort: { least: 5 } });
    await page.locator('main[data-included="1"]').waitFor();
  });

  it('by a coordinator that is another than before is refused before a word is said to it', async () => {
    const page = await stage.page({ url: PAGE });
    await joinWithSample(page);
    await stage.restart({ anew: true });
    const notice = page.getByTestId('changed-terms');
    await notice.locator('[data-term=coordinator]').waitFor({ timeout: 60_000 });
    await snap(page, 'changed-coordinator');
    expect(stage.coordinator.runs.status('mnist')?.present).toBe(0);
    await notice.getByRole('button', { name: 'Leave' }).click();
    await page.locator('main[data-stage="apart"]').waitFor();
    await notice.waitFor({ state: 'hidden' });
  });
});
