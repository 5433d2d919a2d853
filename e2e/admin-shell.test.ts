import { AxeBuilder } from '@axe-core/playwright';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, startStage } from './src/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
});
afterAll(() => stage.close());

const token = (role: 'admin' | 'viewer' = 'admin') => makeSignInToken(stage.folder, role, Date.now() + 60_000);

async function signedIn(path: string, role?: 'viewer'): Promise<Page> {
  const page = await stage.page({ url: `${path}#token=${token(role)}` });
  await page.getByTestId('admin').waitFor();
  return page;
}

async function examine(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
}

describe('the dashboard', () => {
  it('says in an empty house what to do first, and leads there', async () => {
    const page = await signedIn('/admin');
    await page.getByTestId('first-steps').getByRole('link', { name: 'Invite devices' }).waitFor();
    await examine(page);
    await page.getByTestId('first-steps').getByRole('link', { name: 'Invite devices' }).click();
    await page.getByTestId('invite-link').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/admin\/t\/[\w-]+\/share$/);
    await page.goBack();
    await page.getByTestId('first-steps').waitFor();
  });

  it('stays as it was when the session ends, and goes on once somebody is signed in again', async () => {
    const page = await signedIn('/admin/t/mnist/share');
    await page.getByLabel('Let in').selectOption('invite');
    await page.getByLabel('Whom the code is for').fill('class 7b');
    await page.context().clearCookies();
    const dialog = page.getByTestId('session-ended');
    // Whether the page asks by itself first, or the person does something.
    await page.evaluate(() => document.querySelector<HTMLFormElement>('[data-testid=admission] form')!.requestSubmit());
    await dialog.waitFor();
    await examine(page);
    await dialog.getByLabel('Token').fill('wrong');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByText('wrong, too old or was used').waitFor();
    await dialog.getByLabel('Token').fill(token());
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Whom the code is for').inputValue()).toBe('class 7b');
    await page.getByRole('button', { name: 'Make an invite link' }).click();
    await page.getByTestId('new-code').waitFor();
  });

  it('says that the connection is lost, and shows what is so once it is back, without being loaded again', async () => {
    const page = await signedIn('/admin');
    await page.getByTestId('first-steps').waitFor();
    await stage.stop();
    await page.getByTestId('connection-lost').waitFor();
    await stage.restart();
    await stage.run({ task: 'breast-cancer', cohort: { least: 3 } });
    await page.getByTestId('todos').getByText('waits for 3 more devices').waitFor();
    await page.getByTestId('connection-lost').waitFor({ state: 'detached' });
    await examine(page);
  });

  it('lists the addresses of the interface with what they take, and finds them by words', async () => {
    const page = await signedIn('/admin/api', 'viewer');
    await page.getByLabel('Search').fill('post start run left out');
    const endpoint = page.getByTestId('endpoint');
    await expect.poll(() => endpoint.count()).toBe(1);
    await endpoint.locator('summary').click();
    await endpoint.getByText('task: string').waitFor();
    await examine(page);
    // A viewer is offered no page that only changes things.
    expect(await page.getByRole('link', { name: 'New task' }).count()).toBe(0);
  });

  it('archives a task and takes it out again', async () => {
    const page = await signedIn('/admin/t/spam/share');
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('This task is archived').first().waitFor();
    expect(stage.coordinator.tasks.get('spam')?.archived).toBe(true);
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Archive' }).waitFor();
    expect(stage.coordinator.tasks.get('spam')?.archived).toBe(false);
  });
});
