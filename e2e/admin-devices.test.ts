import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import type { Participant } from '@sotto/participant/participant';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUILT_PAGES, launchBrowser } from './src/browser.ts';
import { connectIdleDevice } from './src/idle-device.ts';

const TASK = 'breast-cancer';
const MEMBERS = 3;

let browser: Browser;
let folder: string;
let coordinator: Coordinator;
let page: Page;
const devices: Participant[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'sotto-admin-devices-'));
  const settings = { SOTTO_DATA_DIR: join(folder, 'data'), PORT: '0', SOTTO_LOG: 'silent' };
  coordinator = await startCoordinator(readConfig(settings), BUILT_PAGES);
  const context = await browser.newContext({ viewport: { width: 1024, height: 800 }, acceptDownloads: true });
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${coordinator.url}/admin/study#token=${coordinator.adminToken}`);
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.leave()));
  await browser.close();
  await coordinator.close();
  rmSync(folder, { recursive: true });
});

async function examine(colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024);
}

const standing = (name: string) => page.locator(`[data-standing=${name}]`).waitFor();
const rows = (count: number) =>
  expect.poll(() => page.getByTestId('device-row').count(), { timeout: 20_000 }).toBe(count);
const follow = (path: string) => page.locator(`a[href="${path}"]`).first().click();

it('a study key is made in the page, certifies members whose fingerprints were compared, warns of one owner, and comes back from its backup', async () => {
  await standing('none');
  await examine('light');
  await page.getByRole('button', { name: 'Suggest a passphrase' }).click();
  const passphrase = await page.getByLabel('Passphrase for the backup').inputValue();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Make the key and save its backup' }).click(),
  ]);
  const backup = join(folder, saved.suggestedFilename());
  await saved.saveAs(backup);
  await standing('held');
  // Whatever script runs in the page, the private half does not come out.
  const exported = await page.evaluate(async () => {
    const opened = await new Promise<IDBDatabase>((resolve) => {
      const asked = indexedDB.open('sotto-study');
      asked.onsuccess = () => resolve(asked.result);
    });
    const held = await new Promise<{ privateKey: CryptoKey }>((resolve) => {
      const asked = opened.transaction('keys').objectStore('keys').get('study');
      asked.onsuccess = () => resolve(asked.result as never);
    });
    opened.close();
    return crypto.subtle.exportKey('pkcs8', held.privateKey).then(
      () => 'exported',
      (error: Error) => error.name,
    );
  });
  expect(exported).toBe('InvalidAccessError');

  for (let i = 0; i < MEMBERS; i++) devices.push(await connectIdleDevice(coordinator.url, TASK, 'Linux'));
  await page.goto(`${coordinator.url}/admin/t/${TASK}/committee`);
  const candidates = page.getByTestId('candidates');
  await candidates
    .getByRole('checkbox')
    .nth(MEMBERS - 1)
    .waitFor();
  for (const box of await candidates.getByRole('checkbox').all()) await box.check();
  await candidates.getByText('any 3 of 3 members open a sum').waitFor();
  await page.getByRole('button', { name: `Compare and certify ${MEMBERS}` }).click();
  const compare = page.getByTestId('compare-keys');
  for (const device of devices) await compare.getByTitle(device.state().device!).waitFor();
  await examine('dark');
  expect(await compare.getByRole('button', { name: 'Certify', exact: true }).isDisabled()).toBe(true);
  await compare.getByRole('checkbox').check();
  await compare.getByRole('button', { name: 'Certify', exact: true }).click();
  await page.getByTestId('sizes').getByText('3 of 3').first().waitFor();
  await page.getByTestId('warnings').locator('[data-warning=owner_unknown]').waitFor();
  await page.getByTestId('preview').waitFor({ state: 'detached' });
  await examine('light');

  await follow(`/admin/t/${TASK}/devices`);
  for (const device of devices) {
    await page.getByLabel('Search').fill(device.state().device!.slice(0, 12));
    await rows(1);
    await page.getByTestId('device-row').getByTitle(device.state().device!).click();
    const details = page.getByTestId('device-details');
    await details.getByLabel('Owner').fill('Ada');
    await details.getByRole('button', { name: 'Save the name' }).click();
    await details.locator('button:disabled', { hasText: 'Save the name' }).waitFor();
    if (device === devices.at(-1)) await examine('dark');
    await details.getByRole('button', { name: 'Close' }).click();
  }
  await page.getByLabel('Search').fill('ada');
  await rows(MEMBERS);
  await examine('light');
  await follow(`/admin/t/${TASK}/committee`);
  await page.getByText('Ada alone can open sums').waitFor();
  await page.getByRole('button', { name: 'Renew all for 7 days' }).click();

  await follow('/admin/study');
  await page.getByRole('button', { name: 'Remove it from this browser' }).click();
  await page.getByRole('button', { name: 'Remove it', exact: true }).click();
  await standing('elsewhere');
  await page.getByLabel('Backup file').setInputFiles(backup);
  await page.getByLabel('Its passphrase').fill(`${passphrase}x`);
  await page.getByRole('button', { name: 'Load the key into this browser' }).click();
  await page.getByText('not that of this backup').waitFor();
  await page.getByLabel('Its passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Load the key into this browser' }).click();
  await standing('held');
  expect(complaints).toEqual([]);
});
