import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openTab } from './src/browser.ts';
import { CASES, type Suite } from './test/vault/cases.ts';
import type {} from './test/vault/page.ts';

let browser: Browser;
let server: PreviewServer;
let page: Page;
const complaints: string[] = [];
const outDir = mkdtempSync(join(tmpdir(), 'sotto-vault-'));

beforeAll(async () => {
  const common = { root: join(import.meta.dirname, 'test/vault'), configFile: false, logLevel: 'error' } as const;
  await build({ ...common, build: { outDir, target: 'es2024', emptyOutDir: true, minify: false } });
  server = await preview({ ...common, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  browser = await launchBrowser();
  page = await openTab(browser, server.resolvedUrls!.local[0]!, complaints);
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(outDir, { recursive: true });
});

async function tryCase(suite: Suite, at: number): Promise<void> {
  expect(await page.evaluate(([name, index]) => globalThis.tryCase(name, index), [suite, at] as const)).toBeNull();
  expect(complaints).toEqual([]);
}

describe('the IndexedDB vault, in a browser', () => {
  for (const [at, { promise }] of CASES.vault.entries()) it(promise, () => tryCase('vault', at));
});

describe('a device with the IndexedDB vault, in a browser', () => {
  for (const [at, { promise }] of CASES.member.entries()) it(promise, () => tryCase('member', at));
});
