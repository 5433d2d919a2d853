import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import { verifyEvidence } from '@sotto/participant/evidence-check';
import { isRejection } from '@sotto/protocol/rejection';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import { contributorsOf, Transcript } from '@sotto/protocol/transcript';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishRun } from './src/model-page.ts';
import { joinHeadless, type Stage, startStage } from './src/stage.ts';

const TASK = 'breast-cancer';
const EVIDENCE = `/admin/t/${TASK}/evidence`;

let stage: Stage;
let run: RunSummary;
let rounds: readonly PublishedRound[];
let page: Page;

beforeAll(async () => {
  stage = await startStage();
  const token = makeSignInToken(stage.folder, 'viewer', Date.now() + 60_000);
  page = await stage.page({
    url: `${EVIDENCE}#token=${token}`,
    contextOptions: { viewport: { width: 1024, height: 768 } },
  });
  await page.getByTestId('admin').waitFor();
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

const outcome = (within: string) => page.getByTestId(within).getByTestId('check-outcome');

it('where there is no evidence yet, the page says what leaves some, and shows it once it is there', async () => {
  await page.getByTestId('no-evidence').waitFor();
  await examine('light');
  await joinHeadless(stage, 3, { task: TASK, limit: 40 });
  run = await finishRun(stage, TASK, 2);
  rounds = run.rounds as readonly PublishedRound[];
  await page.getByTestId('records').getByRole('link', { name: 'Round 2' }).waitFor();
  expect(await page.getByTestId('records').getByRole('link').count()).toBe(2);
}, 60_000);

it('a whole run is checked in the page, its last sum and model computed again', async () => {
  await page.getByTestId('check-run').getByLabel('Compute sums and models again').check();
  await page.getByRole('button', { name: 'Check every round' }).click();
  await outcome('check-run').waitFor();
  expect(await outcome('check-run').getAttribute('data-holds')).toBe('true');
  const text = await outcome('check-run').textContent();
  expect(text).toContain('Everything that was checked holds (2 rounds).');
  expect(text).toContain('the coordinator: its key (');
  const last = page.getByTestId('record-report').last();
  await last.locator('summary').click();
  expect(await last.textContent()).toContain('Holds: model');
  await examine('dark');
});

it('the file for others holds, and is refused in the page once a byte of it is another', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save the evidence file' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`evidence-${run.run}.zip`);
  const archive = new Uint8Array(await readFile(await download.path()));
  const report = await verifyEvidence(archive);
  expect(!isRejection(report) && report.holds).toBe(true);
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel('Evidence file or transcript').setInputFiles({ name, mimeType: 'application/zip', buffer });
  await choose('good.zip', Buffer.from(archive));
  await page.locator('[data-testid=file-check] [data-holds=true]').first().waitFor();
  const tampered = Buffer.from(archive);
  tampered.write('"minimumCohort":4', tampered.indexOf('"minimumCohort":3'));
  await choose('tampered.zip', tampered);
  await page.locator('[data-testid=file-check] [data-holds=false]').first().waitFor();
  const text = await outcome('file-check').textContent();
  expect(text).toContain('transcripts/round-1.json is not the record that evidence.json lists');
  expect(text).toContain('The plan is not signed by the coordinator.');
  expect(await page.getByTestId('file-check').getByTestId('command-line').textContent()).toContain(
    'sotto verify tampered.zip',
  );
  await examine('light');
  await choose('letter.zip', Buffer.from('a letter'));
  await page.getByText('neither an evidence file nor the transcript').waitFor();
});

it('a record is checked as it is shown, says whose updates are in it, and leads to what it follows', async () => {
  await page.getByTestId('records').getByRole('link', { name: 'Round 2' }).click();
  await page.waitForURL(`**${EVIDENCE}/${rounds[1]!.transcript}`);
  await outcome('check-record').waitFor();
  expect(await outcome('check-record').getAttribute('data-holds')).toBe('true');
  expect(await page.getByTestId('check').count()).toBe(7);
  const { body } = Transcript.parse(
    await (await fetch(`${stage.url}/api/transcripts/${rounds[1]!.transcript}`)).json(),
  );
  const [device] = contributorsOf(body);
  const lookup = page.getByTestId('device-lookup');
  await lookup.getByLabel('The device’s id').fill(device!.slice(0, 8));
  expect(await lookup.getByTestId('inclusion').textContent()).toContain('Its update is in the sum.');
  await lookup.getByLabel('The device’s id').fill('0123456789abcdef');
  expect(await lookup.getByTestId('inclusion').textContent()).toContain('No update of it is in this round.');
  await page.getByText('Check again, deeper or with keys of your own').click();
  await page.getByLabel('Insist on (may stay empty)').fill('f'.repeat(64));
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.locator('[data-testid=check-record] [data-holds=false]').first().waitFor();
  expect(await outcome('check-record').textContent()).toContain('Certificate of member 1: there is none.');
  await examine('dark');
  await page.getByRole('link', { name: rounds[0]!.transcript.slice(0, 4) }).click();
  await page.getByRole('heading', { name: 'Record of round 1' }).waitFor();
});

it('the audit log is searched, and its address keeps what was looked for', async () => {
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByTestId('audit-entry').first().waitFor();
  await page.getByLabel('With this text').fill('sign in');
  await expect.poll(() => page.url()).toContain('search=sign+in');
  await page.getByLabel('What').selectOption('sign in');
  await page.reload();
  await page.getByTestId('audit-entry').first().waitFor();
  expect(await page.getByTestId('command-line').textContent()).toContain('sotto audit list --action ');
  await examine('light');
  await page.getByLabel('With this text').fill('nobody ever did this');
  await page.getByTestId('no-entries').waitFor();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByTestId('audit-entry').first().waitFor();
});
