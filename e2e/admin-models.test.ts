import { AxeBuilder } from '@axe-core/playwright';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishRun, saved } from './src/model-page.ts';
import { joinHeadless, type Stage, startStage } from './src/stage.ts';

const TASK = 'breast-cancer';
const MODELS = `/admin/t/${TASK}/models`;

let stage: Stage;
let run: RunSummary;
let rounds: readonly PublishedRound[];
let page: Page;

async function signedIn(role: 'admin' | 'viewer', path: string): Promise<Page> {
  const token = makeSignInToken(stage.folder, role, Date.now() + 60_000);
  const tab = await stage.page({
    url: `${path}#token=${token}`,
    contextOptions: { viewport: { width: 1024, height: 768 } },
  });
  await tab.getByTestId('admin').waitFor();
  return tab;
}

beforeAll(async () => {
  stage = await startStage();
  page = await signedIn('admin', MODELS);
}, 60_000);
afterAll(() => stage.close());

/** Looks right to axe, and nothing is wider than the window. */
async function examine(...schemes: readonly ('light' | 'dark')[]): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(window!);
}

it('where there is no version yet, the page says what makes one, and shows it once it is there', async () => {
  await page.getByTestId('no-models').waitFor();
  await examine('light');
  await joinHeadless(stage, 3, { task: TASK, limit: 40 });
  run = await finishRun(stage, TASK, 2);
  rounds = run.rounds as readonly PublishedRound[];
  await expect.poll(() => page.getByTestId('version').count()).toBe(3);
  await examine('dark');
}, 60_000);

it('versions are put side by side', async () => {
  for (const name of ['Round 1', 'Initial weights']) await page.getByLabel(`Compare ${name}`).check();
  await page.getByRole('button', { name: 'Compare 2' }).click();
  const table = page.getByTestId('model-comparison');
  await table.getByRole('link', { name: 'Round 1' }).waitFor();
  expect(await table.getByTestId('command-line').textContent()).toContain(`sotto model compare ${TASK}`);
  await page.getByRole('button', { name: 'Evaluate 2 versions class by class' }).click();
  await table.getByRole('rowheader', { name: 'Recall of malignant' }).waitFor();
  await examine('dark');
  await page.goBack();
});

it('a version is shown with what made it, and evaluated class by class', async () => {
  await page.getByRole('link', { name: 'Round 2' }).click();
  await page.getByTestId('model-detail').waitFor();
  await expect.poll(() => page.getByTestId('step').count()).toBe(3);
  const transcript = page.getByTestId('lineage').getByRole('link', { name: rounds[1]!.transcript.slice(0, 8) });
  expect(await transcript.getAttribute('href')).toBe(`/admin/t/${TASK}/evidence/${rounds[1]!.transcript}`);
  await page.getByRole('button', { name: 'Evaluate' }).click();
  const scores = page.getByTestId('class-scores');
  await scores.waitFor();
  expect(await scores.getByRole('rowheader').allTextContents()).toEqual(['benign', 'malignant']);
  await page.getByTestId('confusion').waitFor();
  await page.getByRole('button', { name: 'Show the card' }).click();
  await page.getByText('# Model card:').waitFor();
  await examine('light', 'dark');
});

it('a version is saved for NumPy and for TensorFlow.js by the page itself', async () => {
  const npz = await saved(page, 'Save for NumPy (.npz)');
  expect(npz.name).toBe(`sotto-${TASK}-round-2.npz`);
  expect(Object.keys(unzipSync(npz.bytes))).toContain('topology.json');
  const tfjs = unzipSync((await saved(page, 'Save for TensorFlow.js')).bytes);
  expect(JSON.parse(strFromU8(tfjs['model.json']!)).userDefinedMetadata).toMatchObject({ round: 2, run: run.run });
});

it('the version that is pinned is the one that participants are offered', async () => {
  await page.goto(`${stage.url}${MODELS}/${rounds[0]!.model}`);
  await page.getByRole('button', { name: 'Pin this version' }).click();
  await page.getByRole('button', { name: 'Offer the latest again' }).waitFor();
  const participant = await stage.page({ url: `/t/${TASK}` });
  await participant.getByTestId('pinned-version').waitFor();
  expect(await participant.getByTestId('model').textContent()).toContain('After round 1 the shared model');
  await participant.close();
  await page.getByRole('link', { name: 'All versions' }).click();
  await page.getByTestId('offered').waitFor();
  await examine('light');
  await page.getByTestId('offered').getByRole('button', { name: 'Offer the latest again' }).click();
  await page.getByTestId('offered').waitFor({ state: 'detached' });
});

it('a viewer sees versions, and changes nothing', async () => {
  const viewer = await signedIn('viewer', `${MODELS}/${rounds[0]!.model}`);
  await viewer.getByTestId('go-on').waitFor();
  expect(await viewer.getByRole('button', { name: 'Start a run from here' }).isDisabled()).toBe(true);
  expect(await viewer.getByRole('button', { name: 'Pin this version' }).count()).toBe(0);
  await viewer.close();
});

it('a run is started from a version, by keyboard alone, and participants are told', async () => {
  await page.goto(`${stage.url}${MODELS}/${rounds[0]!.model}`);
  await page.getByLabel('Rounds', { exact: true }).focus();
  await page.keyboard.type('1');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/admin/t/${TASK}`);
  const later = stage.coordinator.runs.latest(TASK)!;
  expect(later.initial.from).toEqual({ run: run.run, round: 1 });
  const participant = await stage.page({ url: `/t/${TASK}` });
  await participant.getByTestId('goes-on').waitFor();
  await participant.close();
  expect(stage.complaints).toEqual([]);
});
