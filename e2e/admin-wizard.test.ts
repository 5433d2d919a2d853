import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import { fromBase64 } from '@sotto/protocol/base64';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stage, startStage } from './src/stage.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const CANCER = join(REPOSITORY, 'tasks/breast-cancer');

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await startStage();
  const token = makeSignInToken(stage.folder, 'admin', Date.now() + 60_000);
  page = await stage.page({
    url: `/admin/new#token=${token}`,
    contextOptions: { viewport: { width: 1024, height: 768 } },
  });
  await page.getByTestId('wizard').waitFor();
}, 60_000);
afterAll(() => stage.close());

/** Looks right to axe, and nothing is wider than the window. */
async function examine(colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(window!);
}

const step = (name: string) => page.getByTestId(`step-${name}`).click();
const done = (name: string) => page.getByTestId(`step-${name}`).getByText(', done').waitFor({ state: 'attached' });

it('says what is wrong with a field when it has been left, and what is missing in each step', async () => {
  await page.getByTestId('title').fill('Tumours');
  expect(await page.getByTestId('id').inputValue()).toBe('tumours');
  await page.getByTestId('id').fill('Tumours!');
  await page.getByText('Must be 1 to 64 of a-z, 0-9 and -').waitFor();
  await page.getByTestId('id').fill('tumours');
  await page.getByTestId('summary').fill('A small network learns to tell tumours apart by measurements.');
  await page.getByTestId('card').fill('# Tumours\n\nMeasured by us.');
  await done('about');
  await examine('light');
  await step('save');
  expect(await page.getByTestId('problems').textContent()).toContain('Examples: classes');
});

it('reads columns and classes from a table, and shows the page people will open', async () => {
  await step('data');
  await page.getByText('Rows of numbers and categories').click();
  await page.getByLabel('Choose a table').setInputFiles(join(CANCER, 'train.csv'));
  await page.getByTestId('found').waitFor();
  expect(await page.getByTestId('classes').inputValue()).toBe('benign\nmalignant');
  await page.getByText('30 columns used').waitFor();
  const preview = page.getByTestId('preview');
  await expect.poll(() => preview.textContent()).toContain('30 columns');
  expect(await preview.textContent()).toContain('A small network learns to tell tumours apart by measurements.');
  await done('data');
  await examine('dark');
});

it('finds the draft again after a reload', async () => {
  await expect.poll(() => page.getByTestId('wizard').getAttribute('data-kept')).toBe('true');
  await page.reload();
  await page.getByText('You go on where you were').waitFor();
  expect(await page.getByTestId('wizard').getAttribute('data-step')).toBe('data');
  await page.getByText('30 columns used').waitFor();
});

it('builds the model and lets it learn from a batch in the page', async () => {
  await step('model');
  await page.locator('[data-testid="model-check"] [data-state="tried"]').waitFor({ timeout: 60_000 });
  const report = await page.getByTestId('model-check').textContent();
  expect(report).toContain('530');
  expect(report).not.toContain('could not learn');
  await examine('light');
});

it('refuses somebody’s model with the reason, and takes what can be used', async () => {
  const exports = JSON.parse(readFileSync(join(REPOSITORY, 'packages/learner/vectors/keras-exports.json'), 'utf8'));
  const file = (name: string, json: object) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(json)),
  });
  await page.getByText('A model of your own').click();
  const choose = page.getByLabel('Choose model.json and weights');
  await choose.setInputFiles(file('model.json', exports['keras3/lam'].json));
  await page.getByTestId('model-refused').waitFor();
  expect(await page.getByTestId('model-refused').textContent()).toContain('Layer “lambda” is a Lambda');
  await choose.setInputFiles([
    file('model.json', exports['keras3/seq'].converted),
    {
      name: 'group1-shard1of1.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(fromBase64(exports['keras3/seq'].weights)),
    },
  ]);
  expect(await page.getByTestId('model-read').textContent()).toContain('with its weights');
  await page.getByText('takes examples of shape [6, 6, 1], but').first().waitFor();
  await page.getByText('Dense network').click();
  await done('model');
});

it('makes the task of what was brought, and changes it', async () => {
  await step('evaluation');
  await page.getByTestId('wizard').getByLabel('Choose a table').first().setInputFiles(join(CANCER, 'test.csv'));
  await page.getByRole('button', { name: 'Judge by all 113' }).click();
  await page.getByTestId('held-out').waitFor();
  await examine('dark');
  await step('save');
  await examine('light');
  await page.getByRole('button', { name: 'Make the task' }).click();
  await page.waitForURL(/\/admin\/t\/tumours\/share/, { timeout: 60_000 });
  const task = stage.coordinator.tasks.get('tumours')!;
  expect(task.manifest.input.columns).toHaveLength(30);
  expect(task.revision).toBe(1);

  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.getByTestId('summary').fill('Told in other words.');
  await step('training');
  await page.getByTestId('training.learningRate').fill('0.05');
  await step('save');
  await page.getByRole('button', { name: 'Save Tumours' }).click();
  await page.waitForURL(/\/admin\/t\/tumours$/, { timeout: 60_000 });
  expect(stage.coordinator.tasks.get('tumours')).toMatchObject({
    revision: 2,
    manifest: { summary: 'Told in other words.', training: { optimizer: { learningRate: 0.05 } } },
  });
  await page.goto(`${stage.url}/admin/new`);
  await page.getByTestId('wizard').waitFor();
  expect(await page.getByTestId('title').inputValue()).toBe('');
});

it('takes in a task that was exported', async () => {
  const zip = await page.evaluate(async () => {
    const answer = await fetch('/api/admin/tasks/tumours/export?revision=1');
    return [...new Uint8Array(await answer.arrayBuffer())];
  });
  const file = (bytes: number[]) => ({ name: 'tumours.zip', mimeType: 'application/zip', buffer: Buffer.from(bytes) });
  const choose = page.getByLabel('Choose an exported task');
  await choose.setInputFiles(file(zip.slice(0, 100)));
  await page.getByText('Not an exported task').waitFor();
  await choose.setInputFiles(file(zip));
  await page.getByRole('button', { name: 'Import as the next revision of Tumours' }).click();
  await page.waitForURL(/\/admin\/t\/tumours\/share/, { timeout: 60_000 });
  await page.goto(`${stage.url}/admin/t/tumours/edit?step=save`);
  await page.getByTestId('revisions').getByText('Revision 3').waitFor();
  expect(stage.coordinator.tasks.get('tumours')!.manifest.training.optimizer.learningRate).toBe(0.1);
});

it('offers a copy of a task that lies in a folder', async () => {
  await page.goto(`${stage.url}/admin/t/breast-cancer/edit`);
  await page.getByTestId('folder-task').waitFor();
  await examine('dark');
  await page.getByLabel('Title').fill('Tumours, mine');
  await page.getByRole('button', { name: 'Copy and change' }).click();
  await page.waitForURL(/\/admin\/t\/tumours-mine\/edit/, { timeout: 60_000 });
  await page.getByTestId('wizard').waitFor();
  expect(await page.getByTestId('title').inputValue()).toBe('Tumours, mine');
});

it('nothing was complained of', () => {
  expect(stage.complaints).toEqual([]);
});
