import { exportTfjs } from '@sotto/learner/export/tfjs';
import { sha256Hex } from '@sotto/protocol/digest';
import type { RunSummary } from '@sotto/protocol/run';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawSeven, finishRun, openModel, saved } from './src/model-page.ts';
import { joinHeadless, type Stage, startStage } from './src/stage.ts';

let stage: Stage;
let run: RunSummary;
let page: Page;

/** Learned from by participants in this process; the page takes no part and may use the model all the same. */
beforeAll(async () => {
  stage = await startStage();
  await joinHeadless(stage, 3, { limit: 400 });
  run = await finishRun(stage, 'mnist', 2);
  page = await stage.page({ url: '/t/mnist?shard=1/20&limit=200&backend=wasm' });
});

afterAll(() => stage.close());

const answered = () => page.locator('[data-testid=answer][data-answered=true]').waitFor();

describe('a published model, on the page of somebody who takes no part', () => {
  it('says which digit is drawn while it is drawn, and what it is not sure of', async () => {
    const section = await openModel(page);
    await drawSeven(page, section.getByRole('application'));
    await answered();
    expect(await page.getByTestId('answer').getByRole('listitem').count()).toBe(10);
    expect(await page.getByTestId('answer').textContent()).toMatch(/\d · (> )?\d+ %|Not sure: \d/);
    await section.getByRole('button', { name: 'Clear' }).click();
    await page.locator('[data-testid=answer][data-answered=false]').waitFor();
  });

  it('says what a picture shows, or why it cannot be read', async () => {
    await page.getByTestId('model').getByRole('button', { name: 'Picture' }).click();
    const input = page.getByTestId('model').locator('input[type=file]');
    await input.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    expect(await page.getByTestId('attempt-fault').textContent()).toContain('broken.png');
    const picture = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(60, 60);
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'white';
      context.fillRect(0, 0, 60, 60);
      context.fillStyle = 'black';
      context.fillRect(27, 10, 6, 40);
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
    });
    await input.setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
    await answered();
    expect(await page.getByTestId('model').getByRole('checkbox').isChecked()).toBe(true);
  });

  it('is checked on the examples kept aside, once there are any', async () => {
    await page.getByRole('tab', { name: 'Check it' }).click();
    await page.getByTestId('nothing-to-check-on').waitFor();
    await page.getByRole('button', { name: 'Use sample data' }).click();
    const score = page.getByTestId('own-score');
    await score.waitFor();
    const [correct, examples] = await Promise.all(
      ['data-correct', 'data-examples'].map(async (name) => Number(await score.getAttribute(name))),
    );
    expect(examples).toBeGreaterThan(30);
    // Better than guessing among ten.
    expect(correct! / examples!).toBeGreaterThan(0.3);
    const cells = await page.getByTestId('confusion').getByRole('cell').allTextContents();
    expect(cells.reduce((sum, cell) => sum + Number(cell), 0)).toBe(examples);
  });

  it('is compared with one trained on those examples alone, which is kept until it is deleted', async () => {
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'Train one on my examples alone' }).click();
    await page.getByTestId('side-by-side').waitFor();
    await page.getByRole('button', { name: 'Show it over the rounds' }).click();
    await page.locator('[data-testid=rounds-course][data-points="3"]').waitFor();

    const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(databases).toContain('sotto.models');
    // Nothing that a device could be called by its address.
    expect(databases.filter((name) => name?.startsWith('sotto-'))).toEqual([]);

    await page.reload();
    await openModel(page);
    expect(await page.getByTestId('model-kept').textContent()).toContain('trained on your examples alone');
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByTestId('own-earlier').waitFor();
    await page.getByTestId('model-kept').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('No model of yours is kept on this device').waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'model-kept');
    await page.reload();
    await openModel(page);
    await page.getByText('No model of yours is kept on this device').waitFor();
  });

  it('is taken home in any version: the published bytes, and files that TensorFlow.js opens', async () => {
    const [first] = run.rounds.filter((round) => round.kind === 'published');
    await page.getByLabel('Version').selectOption('1');
    await page.locator(`[data-testid=model-version][data-model="${first!.model}"]`).waitFor();
    await page.locator('[data-testid=workbench][data-model=ready]').waitFor();
    await page.getByRole('tab', { name: 'Download' }).click();

    const safetensors = await saved(page, 'Download safetensors');
    expect(safetensors.name).toBe('sotto-mnist-round-1.safetensors');
    expect(sha256Hex(safetensors.bytes)).toBe(first!.model);

    const zip = await saved(page, 'Download for TensorFlow.js');
    expect(zip.name).toBe('sotto-mnist-round-1-tfjs.zip');
    const files = unzipSync(zip.bytes);
    const json = JSON.parse(strFromU8(files['model.json']!));
    expect(json.userDefinedMetadata).toMatchObject({ task: 'mnist', round: 1, model: first!.model });
    // What @sotto/learner's own tests load into TensorFlow.js.
    const expected = exportTfjs(safetensors.bytes, json.userDefinedMetadata);
    expect(json).toEqual(JSON.parse(expected.json));
    expect(Buffer.from(files['weights.bin']!).equals(expected.weights)).toBe(true);

    const labels = await saved(page, 'Download labels.txt');
    expect(strFromU8(labels.bytes)).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
    expect(stage.complaints).toEqual([]);
  });
});
