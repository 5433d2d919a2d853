import type { Dataset } from '@sotto/learner/dataset';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptInBrowser, rememberedExamples } from './src/kept.ts';
import { type Stage, startStage } from './src/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const URL_OF_FEW = '/t/mnist?shard=3/1000&limit=20&backend=cpu';

describe('examples in a browser', () => {
  it('are remembered only when asked for, whole, taken up after a reload, and forgotten with everything else', async () => {
    const page = await stage.page({ url: URL_OF_FEW });
    await page.getByRole('button', { name: 'Use sample data' }).click();
    await page.getByTestId('data-ready').waitFor();
    const box = page.getByTestId('remember').getByRole('checkbox');
    expect(await box.isChecked()).toBe(false);
    expect((await keptInBrowser(page)).databases).not.toContain('sotto.examples');

    await box.check();
    await page.locator('[data-kept=true]').waitFor();
    const answer = await fetch(
      `${stage.coordinator.localUrl}/api/tasks/mnist/sample?index=2&count=1000&by=iid&limit=20`,
    );
    const sample = decodeDataset(new Uint8Array(await answer.arrayBuffer()), 10) as Dataset;
    const whole = { inputs: [...sample.inputs], labels: [...sample.labels] };
    expect(await rememberedExamples(page, '/mnist')).toEqual(whole);

    await page.reload();
    await page.getByTestId('remembered').getByText('You left 20 examples here').waitFor();
    await page.getByRole('button', { name: 'Use them' }).click();
    await page.getByTestId('data-ready').waitFor();
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.locator('main[data-connection="connected"]').waitFor();
    const device = await page.locator('main').getAttribute('data-device');

    await page.reload();
    await page.locator('main[data-connection="connected"]').waitFor();
    expect(await page.locator('main').getAttribute('data-device')).toBe(device);
    expect(await rememberedExamples(page, '/mnist')).toEqual(whole);

    await page.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it all' }).click();
    await page.locator('[data-testid=forgetting][data-state=done]').waitFor();
    expect(await keptInBrowser(page)).toEqual({ databases: [], settings: [], caches: [], workers: 0 });
    await expect.poll(() => stage.coordinator.runs.status('mnist')?.present).toBe(0);
  });
});
