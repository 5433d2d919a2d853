import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinHeadless, type Stage, startStage } from './src/stage.ts';

const TASK = 'breast-cancer';
const RUNS = `/admin/t/${TASK}`;

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await startStage();
  page = await stage.page({
    url: `${RUNS}/launch#token=${stage.coordinator.adminToken}`,
    contextOptions: { viewport: { width: 1024, height: 800 } },
  });
});
afterAll(() => stage.close());

async function examine(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024);
}

/** Writes down what the page shows of the round, each time that it changes, from now on. */
async function record(): Promise<() => Promise<{ phases: string[]; updates: number[] }>> {
  await page.evaluate(() => {
    const seen = { phases: [] as string[], updates: [] as number[] };
    Object.assign(window, { seen });
    const look = () => {
      const phase = document.querySelector<HTMLElement>('[data-testid=run-state]')?.dataset.phase;
      if (phase && seen.phases.at(-1) !== phase) seen.phases.push(phase);
      const sent = Number(document.querySelector<HTMLElement>('[data-testid=state-sent]')?.dataset.count ?? 0);
      if (seen.updates.at(-1) !== sent) seen.updates.push(sent);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  });
  return () => page.evaluate(() => (window as unknown as { seen: { phases: string[]; updates: number[] } }).seen);
}

it('a run is launched with settings that are checked as they are typed, and followed phase by phase to its last round', async () => {
  await page.getByTestId('upload-bytes').waitFor();
  await page.getByLabel('Devices to wait for').fill('2');
  await page.getByText('Must be at least 3, not 2').waitFor();
  expect(await page.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
  await examine();
  await page.getByLabel('Devices to wait for').fill('3');
  await page.getByLabel('Rounds', { exact: true }).fill('2');
  await page.getByRole('combobox', { name: 'Strategy' }).selectOption('FedProx');
  await page.getByLabel('proximal_mu').fill('0.1');
  await page
    .getByText(`sotto run start ${TASK} rounds=2 cohort.least=3 strategy.name=FedProx strategy.proximal_mu=0.1`)
    .waitFor();
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.locator('[data-testid=run-state][data-phase=waiting]').waitFor();
  await page.getByText('Waiting for 3 more devices').waitFor();
  expect(stage.coordinator.runs.latest(TASK)!.config).toMatchObject({
    rounds: 2,
    cohort: { least: 3 },
    strategy: { name: 'FedProx', proximal_mu: 0.1 },
  });

  const seen = await record();
  const learning = Promise.withResolvers<void>();
  await joinHeadless(stage, 3, { task: TASK, limit: 60, beforeLearning: () => learning.promise });
  await page.locator('[data-testid=run-state][data-phase=collecting]').waitFor();
  await page.locator('[data-testid=state-learning][data-count="3"]').waitFor();
  await examine();
  learning.resolve();
  await page.locator('[data-testid=round-row][data-kind=published]').nth(1).waitFor();
  const run = stage.coordinator.runs.latest(TASK)!;
  await page.getByText('Finished').waitFor();
  const { phases, updates } = await seen();
  const first = phases.slice(0, phases.indexOf('voting') + 1);
  const order = ['waiting', 'summoning', 'planning', 'collecting', 'checking', 'voting'];
  // What is over in less than a tenth of a second may go unseen; nothing is seen out of its turn.
  expect(first).toEqual(order.filter((phase) => first.includes(phase)));
  expect(first).toEqual(expect.arrayContaining(['waiting', 'collecting']));
  expect(Math.max(...updates)).toBeLessThanOrEqual(3);
  expect(await page.getByTestId('run-accuracy').textContent()).toBe(
    `${(100 * (run.rounds.at(-1) as { testAccuracy: number }).testAccuracy).toFixed(1)} %`,
  );

  await page.getByRole('button', { name: 'More of round 2' }).click();
  const detail = page.getByTestId('round-detail');
  await detail.getByTestId('state-counted').getByText('3').waitFor();
  expect(await detail.getByTestId('phase-collecting').getAttribute('data-done')).toBe('true');
  await examine();
});

it('a run is cloned, paused and resumed, right again after the coordinator was away, stopped, and compared', async () => {
  const first = stage.coordinator.runs.latest(TASK)!;
  await page.getByTestId('clone').click();
  expect(await page.getByLabel('proximal_mu').inputValue()).toBe('0.1');
  await page.getByLabel('Devices to wait for').fill('9');
  await page.getByTestId('upload-bytes').waitFor();
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.getByText('Waiting for 6 more devices').waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('The next round begins once the run is resumed').waitFor();
  await page.getByTestId('run-note').getByText('Paused by the admin').waitFor();

  await stage.stop();
  await page.getByTestId('connection-lost').waitFor();
  await stage.restart();
  await page.getByTestId('connection-lost').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('[data-testid=run-state][data-state=running]').waitFor();
  await page.getByRole('button', { name: 'Stop the run' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop it' }).click();
  await page.getByTestId('run-note').getByText('Stopped by the admin').waitFor();
  const second = stage.coordinator.runs.latest(TASK)!;
  expect(second).toMatchObject({ state: 'stopped', config: { cohort: { least: 9 } } });

  await page.getByRole('link', { name: 'Runs' }).click();
  for (const { run } of [first, second]) await page.getByLabel(`Compare ${run}`).check();
  await page.getByRole('link', { name: 'Compare 2 runs' }).click();
  const table = page.getByTestId('compare-table');
  await table.getByRole('row', { name: 'Devices to wait for' }).waitFor();
  expect(await table.getByRole('row', { name: 'Devices to wait for' }).getByRole('cell').allTextContents()).toEqual(
    (await table.getByRole('link').allTextContents()).map((run) => (run === first.run ? '3' : '9')),
  );
  expect(await table.getByRole('row', { name: 'Strategy' }).count()).toBe(0);
  await examine();
});
