import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Stage, snap, startStage } from '../src/stage.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const CANCER = join(REPOSITORY, 'tasks/breast-cancer');

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

describe('the task wizard', () => {
  it('makes a task of tables and changes it, step by step', async () => {
    const page = await stage.page({
      url: `/admin/new#token=${stage.coordinator.adminToken}`,
      contextOptions: { viewport: { width: 1440, height: 900 } },
    });
    const step = (name: string) => page.getByTestId(`step-${name}`).click();
    await page.getByTestId('wizard').waitFor();
    await snap(page, 'admin-wizard-empty');
    await page.getByTestId('title').fill('Tumours');
    await page.getByTestId('summary').fill('A small network learns to tell tumours apart by measurements.');
    await page.getByTestId('card').fill('# Tumours\n\nMeasured by us.');
    await step('data');
    await page.getByText('Rows of numbers and categories').click();
    await page.getByLabel('Choose a table').first().setInputFiles(join(CANCER, 'train.csv'));
    await page.getByTestId('found').waitFor();
    await page.getByTestId('columns').locator('summary').first().click();
    await page.getByTestId('columns.0.deviation').fill('0');
    await snap(page, 'admin-wizard-columns');
    await page.getByTestId('columns.0.deviation').fill('3.5');
    await step('model');
    await page.locator('[data-testid="model-check"] [data-state="tried"]').waitFor();
    await snap(page, 'admin-wizard-model');
    await page.getByText('A model of your own').click();
    const exports = JSON.parse(readFileSync(join(REPOSITORY, 'packages/learner/vectors/keras-exports.json'), 'utf8'));
    const buffer = Buffer.from(JSON.stringify(exports['keras3/lam'].json));
    const model = { name: 'model.json', mimeType: 'application/json', buffer };
    await page.getByLabel('Choose model.json and weights').setInputFiles(model);
    await page.getByTestId('model-refused').waitFor();
    await snap(page, 'admin-wizard-model-refused');
    await page.getByText('Dense network').click();
    await step('privacy');
    await snap(page, 'admin-wizard-privacy');
    await step('evaluation');
    await page.getByTestId('wizard').getByLabel('Choose a table').first().setInputFiles(join(CANCER, 'test.csv'));
    await page.getByRole('button', { name: 'Judge by all 113' }).click();
    await page.getByTestId('held-out').waitFor();
    await snap(page, 'admin-wizard-evaluation');
    await step('save');
    await page.getByRole('button', { name: 'Make the task' }).click();
    await page.waitForURL(/\/admin\/t\/tumours\/share/);
    await page.goto(`${stage.url}/admin/t/tumours/edit?step=save`);
    await page.getByTestId('revisions').getByText('Revision 1').waitFor();
    await snap(page, 'admin-wizard-revisions');
    await page.goto(`${stage.url}/admin/t/mnist/edit`);
    await page.getByTestId('folder-task').waitFor();
    await snap(page, 'admin-wizard-folder');
  }, 240_000);
});
