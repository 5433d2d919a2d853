import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seatSilentCrowd } from '../src/silent-crowd.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

const TASK = 'breast-cancer';
const RUNS = `/admin/t/${TASK}`;
const MANY = 1000;
const GONE = 100;

let stage: Stage;
let admin: Page;
beforeEach(async () => {
  stage = await startStage();
  admin = await stage.page({
    url: `${RUNS}#token=${stage.coordinator.adminToken}`,
    contextOptions: { viewport: { width: 1440, height: 900 } },
  });
  admin.setDefaultTimeout(120_000);
});
afterEach(() => stage.close());

const go = (path: string) => admin.goto(`${stage.url}${path}`);

describe('runs', () => {
  it('are launched from nothing, looked back at, and compared', async () => {
    await admin.getByTestId('no-runs').waitFor();
    await snap(admin, 'admin-runs-empty');
    await admin.getByTestId('launch').click();
    await admin.getByTestId('upload-bytes').waitFor();
    await admin.getByLabel('Noise multiplier').fill('1.5');
    await admin.getByText('ε = ').waitFor();
    await snap(admin, 'admin-launch');
    await admin.getByLabel('Devices to wait for').fill('2');
    await admin.getByTestId('field-issues').waitFor();
    await snap(admin, 'admin-launch-wrong');

    await joinHeadless(stage, 4, { task: TASK, limit: 60 });
    const dp = { noiseMultiplier: 0.5 } as const;
    const runs: string[] = [];
    for (const request of [
      { rounds: 4 },
      { rounds: 3, dp, strategy: { name: 'FedProx', proximal_mu: 0.1 } as const },
    ]) {
      const { run } = await stage.run({ task: TASK, cohort: { least: 4 }, ...request });
      runs.push(run);
      await go(`${RUNS}/runs/${run}`);
      await admin.getByText('Finished').waitFor();
    }
    await admin.getByRole('button', { name: 'More of round 3' }).click();
    await admin.getByTestId('round-detail').getByTestId('state-counted').waitFor();
    await snap(admin, 'admin-run-past');
    await go(RUNS);
    await admin.getByTestId('run-row').nth(1).waitFor();
    await snap(admin, 'admin-runs');
    await go(`${RUNS}/compare?runs=${runs.join(',')}`);
    await admin.getByTestId('compare-table').getByText('proximal_mu').waitFor();
    await snap(admin, 'admin-runs-compared');
  });

  it('with a thousand devices are all on the screen, told one by one as far as they are seen, and explained when they come to nothing', async () => {
    const learning = Promise.withResolvers<void>();
    const present = await joinHeadless(stage, 8, { task: TASK, limit: 60, beforeLearning: () => learning.promise });
    const crowd = await seatSilentCrowd(stage.coordinator, TASK, MANY - present.length);
    const { run } = await stage.run({
      task: TASK,
      cohort: { least: MANY, most: MANY },
      minimumCohort: 20,
      durations: { uploadMs: 3_600_000, keysMs: 3000 },
    });
    await go(`${RUNS}/runs/${run}`);
    await admin.locator('[data-testid=run-state][data-phase=collecting]').waitFor();
    await admin.locator(`[data-testid=state-learning][data-count="${MANY}"]`).waitFor();
    learning.resolve();
    await admin.locator('[data-testid=state-sent][data-count="8"]').waitFor();
    for (const device of crowd.slice(0, GONE)) device.close();
    await admin.locator(`[data-testid=state-away][data-count="${GONE}"]`).waitFor();
    const rows = admin.getByTestId('device-rows');
    expect(await rows.getByRole('row').count()).toBeLessThan(60);
    expect(await rows.getByRole('table').getAttribute('aria-rowcount')).toBe(String(MANY + 1));
    await rows.evaluate((region) => region.scrollTo(0, region.scrollHeight));
    await rows.locator(`[aria-rowindex="${MANY + 1}"]`).waitFor();
    await snap(admin, 'admin-run-crowd');
    await admin.getByTestId('state-away').click();
    await rows.locator(`[aria-rowindex="${GONE + 1}"]`).waitFor({ state: 'attached' });

    await stage.coordinator.runs.stop(run);
    const left = MANY - GONE;
    const hasty = await stage.run({
      task: TASK,
      cohort: { least: left, most: MANY },
      minimumCohort: 20,
      durations: { uploadMs: 1500, keysMs: 3000 },
    });
    await go(`${RUNS}/runs/${hasty.run}`);
    await admin.getByTestId('abandoned').first().waitFor();
    expect(await admin.getByTestId('abandoned').first().getAttribute('data-reason')).toBe('too_few_updates');
    await stage.coordinator.runs.pause(hasty.run);
    await admin.getByRole('button', { name: 'More of round 1', exact: true }).click();
    await admin.getByTestId('round-detail').getByText(`of ${left} updates were there, 20 were needed`).waitFor();
    await snap(admin, 'admin-run-abandoned');
  });
});
