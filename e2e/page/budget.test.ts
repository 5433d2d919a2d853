import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinWithSample } from '../src/browser.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

const PAGE = '/t/mnist?shard=9/20&limit=60&backend=wasm';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
  await joinHeadless(stage, 3, { limit: 60 });
});
afterEach(() => stage.close());

describe('the privacy budget of a run', () => {
  it('is said before anybody joins, while rounds spend it, and after the last one', async () => {
    await stage.run({ rounds: 2, cohort: { least: 4 }, dp: { epsilon: 2, delta: 1e-5, contributors: 4 } });
    const page = await stage.page({ url: PAGE });
    const budget = page.getByTestId('privacy-budget');
    await budget.getByText('ε = 0.00 of 2 spent').waitFor();
    await budget.getByText('Enough for 2 more rounds').waitFor();
    const trust = page.getByTestId('trust');
    await trust.getByText('7.4-fold').waitFor();
    await trust.getByText('3 others in each sum').waitFor();
    expect(await trust.getByText('No noise hides').count()).toBe(0);
    await snap(page, 'budget-before');
    const german = await stage.page({ url: PAGE, locale: 'de-DE' });
    await german.getByTestId('privacy-budget').waitFor();
    await snap(german, 'budget-german');

    await joinWithSample(page);
    await page.locator('main[data-round="1"]').waitFor();
    const second = stage.stopAt('append:planned:before');
    await page.locator('main[data-included="1"]').waitFor();
    await second.reached;
    await budget.getByText('Enough for 1 more round').waitFor();
    await snap(page, 'budget-during');
    second.go();

    await page.locator('main[data-moment="finished"]').waitFor();
    await budget.getByText('not enough for another round').waitFor();
    await page.getByTestId('moment').getByText('All 2 rounds are done').waitFor();
    await snap(page, 'budget-after');
    const summary = stage.coordinator.runs.latest('mnist')!;
    expect(Number(await budget.getAttribute('data-spent'))).toBe(summary.budget!.spent);
  });

  it('ends a run that would exceed it, and noise that was promised does not go away unasked', async () => {
    const page = await stage.page({ url: PAGE });
    await joinWithSample(page);
    // Two rounds of this noise cost ε = 4.4.
    const dp = { noiseMultiplier: 1.5, epsilon: 4, delta: 1e-5, contributors: 4 };
    const { run } = await stage.run({ rounds: 3, cohort: { least: 4 }, dp });
    await page.locator('main[data-moment="finished"]').waitFor();
    await page.getByTestId('moment').getByText('The run ended after 1 round').waitFor();
    await page.getByText('Its privacy budget is spent').waitFor();
    expect(stage.coordinator.runs.get(run)).toMatchObject({ state: 'finished', rounds: [{ kind: 'published' }] });
    await snap(page, 'budget-spent');

    const token = makeSignInToken(stage.folder, 'viewer', Date.now() + 60_000);
    const admin = await stage.page({ url: `/admin/t/mnist/runs/${run}#token=${token}` });
    await admin.getByTestId('run-budget').getByText('not enough left for another round').waitFor();
    await admin.getByText('The privacy budget is spent').waitFor();
    await snap(admin, 'admin-budget');

    await stage.run({ cohort: { least: 4 } });
    const change = page.getByTestId('changed-terms').locator('[data-term=noise]');
    await change.waitFor();
    expect(await change.locator('dd').allTextContents()).toEqual([
      'ε = 4, δ = 0.00001, counting on 4 contributors',
      'none',
    ]);
    await snap(page, 'changed-noise');
  });
});
