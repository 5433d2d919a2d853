import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { openStudyBackup, parseStudyBackup, type StudyBackup } from '@sotto/protocol/study-backup';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saved } from './src/model-page.ts';
import { confusionInTfjs } from './src/plain-tfjs.ts';
import { type HeadlessParticipant, joinHeadless, type Stage, startStage } from './src/stage.ts';
import { drawStripes, STRIPES, writeStripes } from './src/stripes.ts';

/** A whole study as one person runs it, from an empty data folder to a model in other hands: each test goes on where the one before it ended. */

const SOTTO = join(import.meta.dirname, '../apps/cli/src/main.ts');
const TASK = 'stripes';
const AT = `/admin/t/${TASK}`;
const HELD_OUT = drawStripes(1, 40);
const DAY_MS = 24 * 3_600_000;

let stage: Stage;
let folder: string;
let page: Page;
let link: string;
let studyKey: string;
let run: RunSummary;
let tabs: Page[];
let headless: HeadlessParticipant[];
/** How the devices in this process are kept from learning, once there is something to keep them from. */
let hold: Promise<void> = Promise.resolve();
let held = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-study-'));
  stage = await startStage();
  page = await stage.page({ url: '/admin', contextOptions: { viewport: { width: 1280, height: 900 } } });
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

const tab = (name: string) => page.locator('nav').getByRole('link', { name, exact: true }).click();
const step = (name: string) => page.getByTestId(`step-${name}`).click();
const folderInput = (of: Page) => of.locator('input[webkitdirectory]').first();
const published = (count: number) =>
  expect
    .poll(() => page.locator('[data-testid=round-row][data-kind=published]').count(), { timeout: 60_000 })
    .toBe(count);

it('somebody signs in with the token of the terminal, and makes a study key with its backup', async () => {
  await page.getByLabel('Token').fill(stage.coordinator.adminToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('first-steps').getByRole('link', { name: 'Make a study key' }).click();
  await page.getByRole('button', { name: 'Suggest a passphrase' }).click();
  const passphrase = await page.getByLabel('Passphrase for the backup').inputValue();
  const backup = await saved(page, 'Make the key and save its backup');
  await page.locator('[data-standing=held]').waitFor();
  const sealed = parseStudyBackup(new TextDecoder().decode(backup.bytes)) as StudyBackup;
  expect(isRejection(await openStudyBackup(sealed, passphrase))).toBe(false);
  studyKey = sealed.publicKey;
});

it('makes an image task of folders of pictures, without code', async () => {
  await tab('New task');
  await page.getByTestId('title').fill('Stripes');
  await page.getByTestId('summary').fill('A small network learns which way the stripe in a picture runs.');
  await page.getByTestId('card').fill('# Stripes\n\nDrawn for this study.');
  await step('data');
  await folderInput(page).setInputFiles(writeStripes(join(folder, 'some'), drawStripes(2, 4)));
  await page.getByTestId('found').getByText('12 files in 3 classes').waitFor();
  await page.getByText('Images will be 12 × 12, grey.').waitFor();
  expect(await page.getByTestId('classes').inputValue()).toBe(STRIPES.join('\n'));
  await step('model');
  await page.locator('[data-testid="model-check"] [data-state="tried"]').waitFor({ timeout: 60_000 });
  await step('training');
  await page.getByTestId('training.optimizer').selectOption('adam');
  await page.getByTestId('training.learningRate').fill('0.01');
  await page.getByTestId('training.epochs').fill('4');
  await page.getByTestId('training.batchSize').fill('16');
  await step('privacy');
  // Devices that agreed to this take part in no run that opens sums of fewer, until somebody agrees anew.
  await page.getByTestId('privacy.minimumCohort').fill('4');
  await page.getByTestId('run.committee').selectOption('named');
  await step('evaluation');
  await folderInput(page).setInputFiles(writeStripes(join(folder, 'held-out'), HELD_OUT));
  await page.getByRole('button', { name: `Judge by all ${HELD_OUT.labels.length}` }).click();
  await step('save');
  await page.getByRole('button', { name: 'Make the task' }).click();
  await page.waitForURL(`**${AT}/share`);
});

it('shares the link, by which three tabs with pictures of their own and two devices without a browser come', async () => {
  link = (await page.getByTestId('invite-link').textContent())!;
  expect(new URL(link).hash).toContain(`study=${studyKey}`);
  tabs = await Promise.all([0, 1, 2].map((i) => takePart(i)));
  headless = await joinHeadless(stage, 2, {
    task: TASK,
    pins: parseInvite(new URL(link).hash) as Pins,
    data: (index) => drawStripes(20 + index, 60),
    beforeLearning: async () => {
      held += 1;
      await hold;
    },
  });
  await tab('Committee');
  const candidates = page.getByTestId('candidates').getByRole('checkbox');
  await expect.poll(() => candidates.count()).toBe(5);
  for (const box of await candidates.all()) await box.check();
  await page.getByRole('button', { name: 'Compare and certify 5' }).click();
  const compare = page.getByTestId('compare-keys');
  const devices = [
    ...(await Promise.all(tabs.map((one) => one.locator('main').getAttribute('data-device')))),
    ...headless.map((device) => device.state().device),
  ];
  for (const device of devices) await compare.getByTitle(device!).waitFor();
  await compare.getByRole('checkbox').check();
  await compare.getByRole('button', { name: 'Certify', exact: true }).click();
  await page.getByTestId('sizes').getByText('of 5').first().waitFor();
});

/** A tab of its own, as somebody else's, whose pictures lie in a folder. */
async function takePart(index: number): Promise<Page> {
  const own = await stage.page();
  await own.goto(link);
  await own.locator('[data-source=pictures]').click();
  await folderInput(own).setInputFiles(writeStripes(join(folder, `own-${index}`), drawStripes(10 + index, 60)));
  await own.getByTestId('data-ready').filter({ visible: true }).getByText('180 pictures').waitFor();
  await own.getByRole('button', { name: 'Join', exact: true }).click();
  await own.locator('main[data-connection="connected"]').waitFor();
  return own;
}

it('a round that people take their updates out of comes to nothing, and the page says why, how far it had come, and what to do', async () => {
  await tab('Runs');
  await page.getByTestId('launch').click();
  await page.getByLabel('Rounds', { exact: true }).fill('3');
  await page.getByLabel('Devices to wait for').fill('5');
  await page.getByLabel('Over-selection').fill('1');
  await page.getByTestId('upload-bytes').waitFor();
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect.poll(() => held, { timeout: 60_000 }).toBe(2);
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  await published(1);
  await expect.poll(() => held, { timeout: 60_000 }).toBe(4);
  for (const device of headless) await device.leave();
  // Three updates and two that may still come are enough; without these two they are not.
  for (const own of tabs.slice(0, 2)) {
    await own.locator('main[data-phase="sent"]').waitFor();
    await own.getByRole('button', { name: 'Take my update back' }).click();
    await own.getByRole('button', { name: 'Take it back' }).click();
  }
  const abandoned = page.getByTestId('abandoned');
  await abandoned.waitFor();
  resolve();
  expect(await abandoned.getAttribute('data-reason')).toBe('too_few_updates');
  expect(await abandoned.textContent()).toMatch(/Too few updates were there in time\..*cohort\.least/);
  await page.getByRole('button', { name: 'More of round 2' }).click();
  await page.getByTestId('round-detail').getByText('of 5 updates were there, 4 were needed').waitFor();
});

it('the page that is left open is right again after a restart, a lost connection and clocks that were set', async () => {
  await page.evaluate(() => Object.assign(window, { loadedOnce: true }));
  const lost = page.getByTestId('connection-lost');
  const waiting = page.getByText('Waiting for 2 more devices').first();
  await waiting.waitFor();
  await stage.stop();
  await lost.waitFor();
  await stage.restart();
  await lost.waitFor({ state: 'detached' });
  await waiting.waitFor();
  expect(await page.getByTestId('abandoned').count()).toBe(1);

  await setClock(-DAY_MS);
  stage.line.cut();
  await lost.waitFor();
  await waitFor(() => stage.coordinator.runs.status(TASK)?.present === 0);
  stage.line.mend();
  await lost.waitFor({ state: 'detached' });
  await waiting.waitFor();

  for (const device of headless) await device.join();
  await published(2);
  await setClock(2 * DAY_MS);
  await published(3);
  await page.getByText('Finished').waitFor();
  expect(await page.evaluate(() => 'loadedOnce' in window)).toBe(true);
});

const waitFor = (condition: () => boolean) => expect.poll(condition, { timeout: 60_000 }).toBe(true);

/** Sets the clock of the browser's machine forward or back, as the page sees it. */
async function setClock(byMs: number): Promise<void> {
  await page.evaluate((shift) => {
    const Before = Date;
    globalThis.Date = class extends Before {
      constructor(...given: ConstructorParameters<DateConstructor> | []) {
        if (given.length === 0) super(Before.now() + shift);
        else super(...given);
      }
      static override now = () => Before.now() + shift;
    } as DateConstructor;
  }, byMs);
}

it('rolls back: a run goes on from the first round’s model', async () => {
  await tab('Models');
  const before = stage.coordinator.runs.latest(TASK)!;
  await page.getByTestId('version').filter({ hasText: 'Round 1' }).getByRole('link').click();
  await page.getByTestId('go-on').getByLabel('Rounds', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Start a run from here' }).click();
  await page.waitForURL(`**${AT}`);
  run = stage.coordinator.runs.latest(TASK)!;
  expect(run.initial.from).toEqual({ run: before.run, round: 1 });
  await waitFor(() => stage.coordinator.runs.get(run.run)?.state === 'finished');
});

it('verifies a transcript in the page, and refuses a tampered one there and from a shell', async () => {
  await page.goto(`${stage.url}${AT}/evidence`);
  await page.getByTestId('records').getByRole('link', { name: 'Round 1' }).click();
  const record = page.getByTestId('check-record').getByTestId('check-outcome');
  await record.waitFor();
  expect(await record.getAttribute('data-holds')).toBe('true');
  expect(await record.textContent()).toContain('Everything that was checked holds (1 round).');

  await tab('Evidence');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save the evidence file' }).click(),
  ]);
  const evidence = await readFile(await download.path());
  const tampered = Buffer.from(evidence);
  tampered.write('"minimumCohort":5', tampered.indexOf('"minimumCohort":'));
  const check = page.getByTestId('file-check');
  for (const [name, buffer, holds] of [
    ['evidence.zip', evidence, true],
    ['tampered.zip', tampered, false],
  ] as const) {
    writeFileSync(join(folder, name), buffer);
    await page.getByLabel('Evidence file or transcript').setInputFiles(join(folder, name));
    await check.locator(`[data-holds=${holds}]`).first().waitFor();
    const { code, said } = await verify(join(folder, name));
    expect(code, said).toBe(holds ? 0 : 1);
    expect(said.includes('FAIL')).toBe(!holds);
  }
  expect(await check.textContent()).toContain('is not the record that evidence.json lists');
});

/** `sotto verify`, insisting on what the shared link says. */
function verify(file: string): Promise<{ code: number; said: string }> {
  const args = ['--disable-warning=ExperimentalWarning', SOTTO, 'verify', file, '--invite', new URL(link).hash];
  return new Promise((resolve) =>
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    ),
  );
}

it('the model, opened in plain TensorFlow.js, takes each held-out picture for what the dashboard says it does', async () => {
  await tab('Models');
  await page.getByTestId('version').filter({ hasText: run.run }).getByRole('link', { name: 'Round 1' }).click();
  await page.getByRole('button', { name: 'Evaluate' }).click();
  const cells = page.getByTestId('confusion').getByRole('cell');
  await cells.first().waitFor();
  const shown = (await cells.allTextContents()).filter((text) => text !== '').map(Number);
  const { bytes } = await saved(page, 'Save for TensorFlow.js');
  const confusion = await confusionInTfjs(bytes, HELD_OUT);
  expect(confusion.flat()).toEqual(shown);
  const accuracy = confusion.reduce((sum, row, i) => sum + row[i]!, 0) / HELD_OUT.labels.length;
  // Guessing among three would get a third.
  expect(accuracy).toBeGreaterThan(0.5);
  await page
    .getByText(`${(100 * accuracy).toFixed(1)} %`)
    .first()
    .waitFor();
});
