import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { CHROMIUM, joinWithSample } from '../src/browser.ts';
import { joinHeadless, type Stage, type StageOptions, snap, startStage } from '../src/stage.ts';

/** Browsers and networks as people have them, not as one would like them. */

const PAGE = '/t/mnist?shard=1/20&limit=60';

let stage: Stage;
const on = async (options: StageOptions = {}) => {
  stage = await startStage(options);
  return stage;
};

afterEach(() => stage.close());

/** A round with two others is published, and the page's update in it. */
async function takesPart(url: string): Promise<void> {
  const page = await stage.page({ url });
  await joinWithSample(page);
  await joinHeadless(stage, 2);
  await stage.run();
  await page.locator('main[data-moment="finished"][data-included="1"]').waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('backend').getAttribute('data-backend')).toBe('wasm');
  expect(stage.complaints).toEqual([]);
}

describe('a browser without WebGPU and WebGL', () => {
  const ARGS = ['--disable-gpu', '--disable-3d-apis', '--disable-webgl', '--disable-software-rasterizer'];

  it('takes part all the same, and says with what it learns', async () => {
    await on({ args: ARGS });
    await takesPart(PAGE);
  });

  it('that is told by the link to use the graphics card uses what there is, and says so', async () => {
    await on({ args: ARGS });
    const page = await stage.page({ url: `${PAGE}&backend=webgl` });
    await joinWithSample(page);
    await page.getByTestId('backend').waitFor();
    await snap(page, 'no-graphics');
    expect(await page.getByTestId('backend').getAttribute('data-backend')).toBe('wasm');
  });
});

describe('an address that is not secure', () => {
  it('is a reason to load and send nothing, and says what to do', async () => {
    const host = 'study.example';
    await on({ host, args: [`--host-resolver-rules=MAP ${host} 127.0.0.1`] });
    const page = await stage.page();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${stage.url}${PAGE}`);
    const guard = page.getByTestId('guard');
    await guard.waitFor();
    expect(await guard.getAttribute('data-fault')).toBe('insecure');
    // The description of the study is asked for beside the page's code.
    expect(asked.filter((path) => path.startsWith('/api/') || path.endsWith('.wasm'))).toEqual(['/api/tasks/mnist']);
    await snap(page, 'guard-insecure');
  });
});

describe('a browser that lets the page store nothing', () => {
  it('is told that without storage nobody can take part, and why', async () => {
    await on();
    const profile = mkdtempSync(join(tmpdir(), 'sotto-profile-'));
    mkdirSync(join(profile, 'Default'));
    writeFileSync(
      join(profile, 'Default/Preferences'),
      JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
    );
    const context = await chromium.launchPersistentContext(profile, CHROMIUM);
    const page = await stage.page({ context, url: PAGE });
    const guard = page.getByTestId('guard');
    await guard.waitFor();
    expect(await guard.getAttribute('data-fault')).toBe('no-database');
    await snap(page, 'guard-no-storage');
    expect(stage.complaints).toEqual([]);
    await context.close();
    rmSync(profile, { recursive: true });
  });
});

describe('a browser that is too old', () => {
  it('is told which ones are not', async () => {
    await on();
    const page = await stage.page();
    await page.addInitScript(() => Object.defineProperty(WebAssembly, 'validate', { value: () => false }));
    await page.goto(`${stage.url}${PAGE}`);
    await page.locator('[data-testid=guard][data-fault=no-wasm-exceptions]').waitFor();
    await snap(page, 'guard-too-old');
  });
});

describe('a line that is slow', () => {
  it('is no reason not to take part: the page tells how far it is, and the round waits', async () => {
    await on();
    const page = await stage.page({ url: `${PAGE}&backend=cpu`, phone: true });
    await joinWithSample(page);
    await joinHeadless(stage, 2, { url: stage.coordinator.localUrl });
    // 400 kbit/s.
    stage.line.speed = 50_000;
    await stage.run();
    await page.locator('main[data-moment="sending"]').waitFor();
    await expect
      .poll(async () => Number(await page.getByRole('progressbar').getAttribute('aria-valuenow')), { timeout: 30_000 })
      .toBeGreaterThan(10);
    stage.line.speed = null;
    await page.locator('main[data-moment="finished"][data-included="1"]').waitFor({ timeout: 60_000 });
    expect(stage.complaints).toEqual([]);
  });
});
