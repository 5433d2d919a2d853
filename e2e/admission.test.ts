import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BUILT_PAGES, joinWithSample, launchBrowser } from './src/browser.ts';

const PHONE = { width: 390, height: 844 };
const STUDY = '/admin/t/breast-cancer';
const SMALL = '/t/breast-cancer?shard=1/20&limit=20&backend=cpu';

let browser: Browser;
let folder: string;
let coordinator: Coordinator;
/** Everything a policy of ours has kept a page from doing. */
const violations: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'sotto-admission-'));
  const settings = {
    SOTTO_DATA_DIR: folder,
    PORT: '0',
    SOTTO_OIDC_ISSUER: 'http://127.0.0.1:9',
    SOTTO_OIDC_CLIENT_ID: 'sotto',
    SOTTO_OIDC_CLIENT_SECRET: 'secret',
    SOTTO_OIDC_ADMINS: 'ada@example.org',
  };
  coordinator = await startCoordinator(readConfig({ ...settings, SOTTO_LOG: 'silent' }), BUILT_PAGES);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(violations.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await coordinator.close();
  rmSync(folder, { recursive: true });
});

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  await page.goto(`${coordinator.url}${path}`);
  return page;
}

async function signedIn(role: 'admin' | 'viewer', path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await open(`${path}#token=${makeSignInToken(folder, role, Date.now() + 60_000)}`, options);
  await page.getByTestId('admin').waitFor();
  return page;
}

async function examine(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = (await new AxeBuilder({ page }).analyze()).violations;
    expect(found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(window!);
}

const moment = (page: Page, name: string) => page.locator(`main[data-moment="${name}"]`).waitFor();

it('a device waits for approval, goes on by itself once it has it, and is told when it is shut out', async () => {
  const admin = await signedIn('admin', `${STUDY}/share`);
  await admin.getByLabel('Let in').selectOption('approval');
  await admin.getByText('A code in the link is an approval').waitFor();
  const device = await open(SMALL, { viewport: PHONE });
  await joinWithSample(device);
  await moment(device, 'pending');
  expect(await device.getByTestId('moment').textContent()).toContain('Waiting for approval');
  await examine(device);
  await admin.getByRole('link', { name: 'Devices' }).click();
  await admin.getByRole('button', { name: 'Approve' }).click();
  await moment(device, 'waiting');
  await admin.getByRole('button', { name: 'Shut out' }).click();
  await admin.getByRole('button', { name: 'Shut it out' }).click();
  await moment(device, 'refused');
  expect(await device.getByTestId('problem').textContent()).toContain('has shut this device out');
  await admin.getByRole('button', { name: 'Let in again' }).click();
  await admin.getByRole('button', { name: 'Shut out' }).waitFor();
  await device.getByRole('button', { name: 'Leave' }).click();
  await device.getByRole('button', { name: 'Join again' }).click();
  await moment(device, 'waiting');
});

it('an invite link lets in as many devices as it is for, and its code never leaves the fragment but in the hello', async () => {
  const admin = await signedIn('admin', `${STUDY}/share`, { viewport: PHONE });
  await admin.getByLabel('Let in').selectOption('invite');
  await admin.getByLabel('Whom the code is for').fill('class 7b');
  await admin.getByRole('button', { name: 'Make an invite link' }).click();
  await admin.getByTestId('new-code').waitFor();
  await examine(admin);
  const link = new URL((await admin.getByTestId('invite-link').textContent())!);
  const code = new URLSearchParams(link.hash.slice(1)).get('invite')!;
  expect(code).toMatch(/^[\w-]{32}$/);

  const addresses: string[] = [];
  const invited = await open('/');
  invited.on('request', (request) => addresses.push(request.url()));
  await invited.goto(`${coordinator.url}${SMALL}${link.hash}`);
  await joinWithSample(invited);
  await moment(invited, 'waiting');
  expect(addresses.length).toBeGreaterThan(5);
  expect(addresses.filter((address) => address.includes(code))).toEqual([]);

  await admin.getByText('1 of 1 used').waitFor();
  const second = await open(`${SMALL}${link.hash}`);
  await second.getByRole('button', { name: 'Use sample data' }).click();
  await second.getByTestId('data-ready').waitFor();
  await second.getByRole('button', { name: 'Join', exact: true }).click();
  await moment(second, 'refused');
  expect(await second.getByTestId('problem').textContent()).toContain('used up');

  await admin.getByRole('button', { name: 'Revoke' }).click();
  await admin.getByRole('button', { name: 'And shut out its devices' }).click();
  await moment(invited, 'refused');
  await admin.getByText('1 of 1 used, revoked').waitFor();
});

it('a viewer sees the audit log and everything else, and is offered no change', async () => {
  const page = await signedIn('viewer', '/admin/audit', { viewport: PHONE });
  expect(await page.getByTestId('person').textContent()).toBe('local viewer');
  await page.getByTestId('audit-entry').first().waitFor();
  expect(await page.getByTestId('audit').textContent()).toContain('sign in by local viewer');
  await page.goto(`${coordinator.url}${STUDY}`);
  await page.getByTestId('no-runs').waitFor();
  expect(await page.getByTestId('launch').count()).toBe(0);
  await page.goto(`${coordinator.url}${STUDY}/launch`);
  await page.getByTestId('upload-bytes').waitFor();
  expect(await page.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Share' }).click();
  expect(await page.getByLabel('Let in').isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Add devices' }).isDisabled()).toBe(true);
});

it('the sign-in page offers the sign-in service where there is one, and says why it refused', async () => {
  const page = await open('/admin', { viewport: PHONE });
  await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
  await page.getByText('The sign-in service does not answer').waitFor();
  expect(new URL(page.url()).hash).toBe('');
  await examine(page);
});
