import type { PublishedRound } from '@sotto/protocol/run';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { finishRun } from '../src/model-page.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

const TASK = 'breast-cancer';
const MODELS = `/admin/t/${TASK}/models`;

let stage: Stage;
let admin: Page;
beforeAll(async () => {
  stage = await startStage();
  admin = await stage.page({
    url: `${MODELS}#token=${stage.coordinator.adminToken}`,
    contextOptions: { viewport: { width: 1440, height: 900 } },
  });
});
afterAll(() => stage.close());

const go = (path: string) => admin.goto(`${stage.url}${path}`);

describe('models', () => {
  it('are listed, shown, evaluated, pinned and compared, also after a run that went on from one', async () => {
    await admin.getByTestId('no-models').waitFor();
    await snap(admin, 'admin-models-empty');
    await joinHeadless(stage, 3, { task: TASK, limit: 40 });
    const { rounds } = await finishRun(stage, TASK, 4);
    const models = (rounds as PublishedRound[]).map(({ model }) => model);
    await stage.run({ task: TASK, rounds: 2, cohort: { least: 3 }, startFrom: models[1]! });
    await admin.getByTestId('version').nth(6).waitFor();
    await snap(admin, 'admin-models');

    await admin.getByTestId('version').first().getByRole('link').click();
    await admin.getByTestId('step').nth(4).waitFor();
    await snap(admin, 'admin-model');
    await admin.getByRole('button', { name: 'Evaluate' }).click();
    await admin.getByTestId('class-scores').waitFor();
    await admin.getByRole('button', { name: 'Show the card' }).click();
    await admin.getByText('# Model card:').waitFor();
    await admin.getByRole('button', { name: 'Pin this version' }).click();
    await admin.getByRole('button', { name: 'Offer the latest again' }).waitFor();
    await snap(admin, 'admin-model-evaluated');

    await go(`${MODELS}?order=best`);
    await admin.getByTestId('offered').waitFor();
    await snap(admin, 'admin-models-pinned');
    await go(`${MODELS}/compare?models=${models.join(',')}`);
    await admin.getByRole('button', { name: 'Evaluate 4 versions class by class' }).click();
    await admin.getByRole('rowheader', { name: 'Recall of malignant' }).waitFor();
    await snap(admin, 'admin-models-compared');
    await go(`${MODELS}/${'0'.repeat(64)}`);
    await admin.getByTestId('trouble').waitFor();
    await snap(admin, 'admin-model-unknown');
  }, 240_000);
});
