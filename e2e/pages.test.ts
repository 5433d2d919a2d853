import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { createNodeParticipant } from '@sotto/participant/node';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_PAGES, joinWithSample, launchBrowser } from './src/browser.ts';

const PHONE = { width: 390, height: 844 };

let browser: Browser;
let folder: string;
let coordinator: Coordinator;
let asked: { task: string; count: number }[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-pages-'));
  asked = [];
  coordinator = await startCoordinator(readConfig({ SOTTO_DATA_DIR: folder, PORT: '0', SOTTO_LOG: 'error' }), {
    ...BUILT_PAGES,
    async startDevices({ task, count }) {
      asked.push({ task, count });
      return { ids: () => [], stop: async () => {} };
    },
  });
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await coordinator.close();
  rmSync(folder, { recursive: true });
});

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  return (await browser.newContext(options)).newPage();
}

function open(page: Page, path: string): Promise<unknown> {
  return page.goto(`${coordinator.url}${path}`);
}

async function signedIn(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await newPage(options);
  await open(page, `/admin?task=mnist#token=${coordinator.adminToken}`);
  await page.getByTestId('task').waitFor();
  return page;
}

/** The form of a run. */
async function launching(): Promise<Page> {
  const page = await signedIn();
  await page.getByTestId('launch').click();
  await page.getByTestId('upload-bytes').waitFor();
  return page;
}

const show = (page: Page, name: string) => page.getByTestId('task').getByRole('link', { name, exact: true }).click();

/** A participant in this process with part `place` of twenty. */
async function joinHeadless(place: number) {
  const answer = await fetch(`${coordinator.url}/api/tasks/mnist/sample?index=${place - 1}&count=20&limit=300`);
  const data = decodeDataset(new Uint8Array(await answer.arrayBuffer()), 10);
  if (isRejection(data)) throw new Error(data.message);
  const participant = await createNodeParticipant({ url: coordinator.url, task: 'mnist', pins: OPEN_PINS, data });
  await participant.join();
  return participant;
}

describe('a browser that cannot take part is told so before anything heavy loads', () => {
  const FAULTS: [string, () => void, string, string][] = [
    [
      'on an address without crypto.subtle',
      () => Object.defineProperty(crypto, 'subtle', { value: undefined }),
      'insecure',
      'https',
    ],
    [
      'without exceptions in WebAssembly',
      () => Object.defineProperty(WebAssembly, 'validate', { value: () => false }),
      'no-wasm-exceptions',
      '137',
    ],
    [
      'without Ed25519',
      () => {
        const { generateKey } = crypto.subtle;
        crypto.subtle.generateKey = ((algorithm: string, ...rest: [boolean, KeyUsage[]]) =>
          algorithm === 'Ed25519'
            ? Promise.reject(new DOMException('unsupported', 'NotSupportedError'))
            : generateKey.call(crypto.subtle, algorithm, ...rest)) as typeof generateKey;
      },
      'no-curves',
      '18.4',
    ],
  ];
  it.each(FAULTS)('%s', async (_, breakIt, fault, advice) => {
    const page = await newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.addInitScript(breakIt);
    await open(page, '/t/mnist');
    const guard = page.getByTestId('guard');
    await guard.waitFor();
    expect(await guard.getAttribute('data-fault')).toBe(fault);
    expect(await guard.textContent()).toContain(advice);
    // What the page is about is asked for beside its code; nothing of it is heavy.
    expect(loaded.filter((path) => path.startsWith('/api/') || path.endsWith('.wasm'))).toEqual(['/api/tasks/mnist']);
  });

  it('but may still look around and run a study', async () => {
    const page = await newPage();
    await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
    await open(page, '/');
    await page.getByTestId('task-card').first().waitFor();
    await open(page, '/admin');
    await page.getByTestId('sign-in').waitFor();
  });
});

describe('a link that leads nowhere', () => {
  it('to an unknown task says so and shows the way to the others', async () => {
    const page = await newPage();
    await open(page, '/t/nothing');
    await page.getByTestId('unknown-task').getByRole('link').click();
    await page.getByTestId('task-card').first().waitFor();
  });

  it('to an unknown address says so', async () => {
    const page = await newPage();
    await open(page, '/nowhere/at-all');
    await page.getByTestId('not-found').waitFor();
  });

  it.each(['#study=1234', '#coordinator=&extra=1', '?shard=9/3'])('is refused when it is damaged: %s', async (rest) => {
    const page = await newPage();
    await open(page, `/t/mnist${rest}`);
    await page.getByTestId('bad-link').getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Join' }).count()).toBe(0);
  });

  it('to a coordinator that is away offers to try again, and works once it is back', async () => {
    const page = await newPage();
    await page.route('**/api/tasks/mnist', (route) => route.abort());
    await open(page, '/t/mnist');
    await page.getByTestId('failed-request').waitFor();
    await page.unroute('**/api/tasks/mnist');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('participant').waitFor();
  });
});

describe('taking part', () => {
  it('is for one tab of a browser at a time', async () => {
    const context = await browser.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    for (const page of [first, second]) await open(page, '/t/mnist?shard=1/20&limit=60&backend=cpu');
    await joinWithSample(first);
    await second.getByRole('button', { name: 'Use sample data' }).click();
    await second.getByTestId('data-ready').waitFor();
    await second.getByRole('button', { name: 'Join' }).click();
    expect(await second.getByTestId('problem').textContent()).toContain('another tab');

    await first.getByRole('button', { name: 'Leave' }).click();
    await first.locator('main[data-moment="left"]').waitFor();
    await second.getByRole('button', { name: 'Join' }).click();
    await second.locator('main[data-connection="connected"]').waitFor();
  });

  it('makes a device of its own of each tab that its address gives a name', async () => {
    const context = await browser.newContext();
    const pages = [await context.newPage(), await context.newPage()];
    for (const [i, page] of pages.entries()) {
      await open(page, `/t/mnist?shard=1/20&limit=60&backend=cpu&device=${i}`);
      await joinWithSample(page);
    }
    const devices = await Promise.all(pages.map((page) => page.locator('main').getAttribute('data-device')));
    expect(new Set(devices).size).toBe(2);
  });

  it('with another coordinator than the link names ends before a word is said', async () => {
    const page = await newPage();
    await open(page, `/t/mnist?shard=1/20&limit=60&backend=cpu#coordinator=${'ab'.repeat(32)}`);
    await page.getByRole('button', { name: 'Use sample data' }).click();
    await page.getByTestId('data-ready').waitFor();
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByTestId('problem').getByText('another server').waitFor();
    expect(await page.getByTestId('ledger-total').getAttribute('data-bytes')).toBe('0');
  });

  it('asks before closing on committee duty and only then, shows the receipt, and lists what left', async () => {
    const page = await newPage();
    await open(page, '/t/mnist?shard=1/20&limit=300&backend=wasm');
    await joinWithSample(page);
    const closingAsks = () => {
      const event = new Event('beforeunload', { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(await page.evaluate(closingAsks)).toBe(false);

    const others = await Promise.all([2, 3].map(joinHeadless));
    await coordinator.runs.create({ task: 'mnist', rounds: 1 });
    await page.getByTestId('duty').waitFor();
    expect(await page.evaluate(closingAsks)).toBe(true);

    await page.locator('main[data-included="1"][data-moment="finished"]').waitFor();
    expect(await page.evaluate(closingAsks)).toBe(false);
    await page.locator('[data-testid=receipt][data-included=true]').waitFor();
    // 199,210 parameters, four to a coefficient of 51 bits.
    const sent = Number(await page.getByTestId('ledger-total').getAttribute('data-bytes'));
    expect(sent).toBeGreaterThan((199_210 / 4) * (51 / 8));
    for (const other of others) await other.close();
  });

  it('with own pictures takes the class from the name, and names every file it cannot use', async () => {
    const page = await newPage();
    await open(page, '/t/mnist');
    const files = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(40, 60);
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'white';
      context.fillRect(0, 0, 40, 60);
      const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
      return [...bytes];
    });
    const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: Buffer.from(files) });
    await page.getByRole('tab', { name: 'Pictures' }).click();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([
        picture('3_one.png'),
        picture('7.png'),
        picture('cat.png'),
        { name: '5_broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
      ]);
    await page.getByTestId('data-ready').waitFor();
    expect(await page.getByTestId('data-ready').textContent()).toContain('2 pictures');
    const faults = await page.getByTestId('faults').textContent();
    expect(faults).toContain('cat.png');
    expect(faults).toContain('5_broken.png');
    expect(await page.getByRole('checkbox', { name: 'dark on light' }).isChecked()).toBe(true);
  });
});

describe('running a study', () => {
  it('needs the token, which leaves the address at once and works once', async () => {
    const stranger = await newPage();
    await open(stranger, '/admin');
    await stranger.getByLabel('Token').fill('wrong');
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await stranger.getByText('wrong, too old or was used').waitFor();

    const page = await signedIn();
    expect(page.url()).not.toContain(coordinator.adminToken);
    await page.reload();
    await page.getByTestId('admin').waitFor();

    await open(stranger, `/admin#token=${coordinator.adminToken}`);
    await stranger.getByTestId('sign-in').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByTestId('sign-in').waitFor();
  });

  it('starts a run with the settings asked for, asks before stopping it, and keeps it', async () => {
    const page = await launching();
    await page.getByLabel('Rounds', { exact: true }).fill('7');
    await page.getByLabel('Devices to wait for').fill('5');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.locator('[data-testid=run-state][data-state=running]').waitFor();
    expect(coordinator.runs.latest('mnist')?.config).toMatchObject({ rounds: 7, cohort: { least: 5 } });
    expect(await page.getByTestId('run').textContent()).toContain('Waiting for 5 more devices');

    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
    expect(coordinator.runs.latest('mnist')?.state).toBe('running');
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop it' }).click();
    await page.getByTestId('run-note').getByText('Stopped by the admin').waitFor();
    expect(coordinator.runs.latest('mnist')?.state).toBe('stopped');
  });

  it('says why a run cannot be had', async () => {
    const page = await launching();
    await page.getByLabel('Devices to wait for').fill('4');
    await page.getByLabel('Fewest updates to open').fill('5');
    await page.getByText('4 devices are too few, because a round needs 5').waitFor();
    expect(await page.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
    await page.getByLabel('Fewest updates to open').fill('4');
    await page.getByText('Deadlines').click();
    await page.getByLabel('To learn and send (s)').fill('86400');
    await page.getByText('Must be at most 68,400, not 86,400').waitFor();
    expect(coordinator.runs.latest('mnist')).toBeNull();
  });

  it('sees devices come, and adds some on this machine', async () => {
    const page = await signedIn();
    const device = await newPage();
    await open(device, '/t/mnist?shard=1/20&limit=60&backend=cpu');
    await joinWithSample(device);
    await show(page, 'Devices');
    await page.locator('[data-testid=device-row][data-connected=true]').waitFor();
    await show(page, 'Share');
    await page.getByLabel('How many').fill('2');
    await page.getByRole('button', { name: 'Add devices' }).click();
    await expect.poll(() => asked).toEqual([{ task: 'mnist', count: 2 }]);
  });

  it('shares a link that names this coordinator', async () => {
    const page = await signedIn();
    await show(page, 'Share');
    const link = await page.getByTestId('invite-link').textContent();
    expect(link).toBe(`${coordinator.url}/t/mnist#coordinator=${coordinator.coordinatorKey}`);
  });
});

describe('every page is accessible in light and dark, and fits a phone:', () => {
  async function examine(page: Page): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(PHONE.width);
  }

  it.each(['/', '/t/mnist', '/t/breast-cancer', '/t/nothing', '/t/mnist#study=1', '/nowhere', '/admin'])(
    '%s',
    async (path) => {
      const page = await newPage({ viewport: PHONE });
      await open(page, path);
      await page.locator('main h1').waitFor();
      await examine(page);
    },
  );

  it('the guard', async () => {
    const page = await newPage({ viewport: PHONE });
    await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
    await open(page, '/t/mnist');
    await page.getByTestId('guard').waitFor();
    await examine(page);
  });

  it('taking part and running a study', async () => {
    const device = await newPage({ viewport: PHONE });
    await open(device, '/t/mnist?shard=1/20&limit=60&backend=cpu');
    await joinWithSample(device);
    await examine(device);
    const page = await signedIn({ viewport: PHONE });
    await show(page, 'Devices');
    await page.locator('[data-testid=device-row][data-connected=true]').waitFor();
    await examine(page);
    await show(page, 'Runs');
    await examine(page);
    await page.getByTestId('launch').click();
    await page.getByTestId('upload-bytes').waitFor();
    await examine(page);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.locator('[data-testid=run-state][data-state=running]').waitFor();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByRole('alertdialog').waitFor();
    await examine(page);
  });
});
