import { expect, it } from 'vitest';
import { joinWithSample } from './src/browser.ts';
import { joinHeadless, startStage } from './src/stage.ts';

it('a round goes on when the browser ends the Worker that learns: another starts by itself, and the update counts', async () => {
  const stage = await startStage();
  try {
    await joinHeadless(stage, 2, { limit: 60 });
    const page = await stage.page({ url: '/t/mnist?shard=1/20&limit=1000&backend=cpu' });
    await joinWithSample(page);
    const learner = async () => {
      for (const worker of page.workers())
        if ((await worker.evaluate(() => self.name)).startsWith('sotto-learner-')) return worker;
      throw new Error('there is no Worker that learns');
    };
    const first = await learner();
    await stage.run({ cohort: { least: 3 }, durations: { returnMs: 30_000 } });
    await page.getByText(/Pass 1 of/).waitFor();
    await first.evaluate(() => self.close());
    await page.locator('main[data-moment="restarting"]').waitFor();
    await page.locator('main[data-included="1"]').waitFor({ timeout: 180_000 });
    expect(await learner()).not.toBe(first);
    expect(await page.getByTestId('problem').count()).toBe(0);
  } finally {
    await stage.close();
  }
});
