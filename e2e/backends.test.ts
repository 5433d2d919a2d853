import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { isRejection } from '@sotto/protocol/rejection';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUILT_PAGES, joinWithSample, launchBrowser, openTab } from './src/browser.ts';

let browser: Browser;
let coordinator: Coordinator;
const folder = mkdtempSync(join(tmpdir(), 'sotto-e2e-'));

beforeAll(async () => {
  browser = await launchBrowser();
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: folder, PORT: '0', SOTTO_LOG: 'error' }),
    BUILT_PAGES,
  );
});

afterAll(async () => {
  await browser.close();
  await coordinator.close();
  rmSync(folder, { recursive: true });
});

it('tabs on WebGL, on WASM and on plain JavaScript learn together, and the page says which each uses', async () => {
  const complaints: string[] = [];
  const tabs = await Promise.all(
    ['webgl', 'wasm', 'cpu'].map((backend, i) =>
      openTab(browser, `${coordinator.url}/t/breast-cancer?shard=${i + 1}/3&backend=${backend}`, complaints),
    ),
  );
  await Promise.all(tabs.map(joinWithSample));
  const run = await coordinator.runs.create({ task: 'breast-cancer', rounds: 2, seed: 1, overSelection: 1 });
  if (isRejection(run)) throw new Error(run.message);
  await expect.poll(() => coordinator.runs.get(run.run)?.state, { timeout: 120_000 }).toBe('finished');

  const { rounds } = coordinator.runs.get(run.run)!;
  expect(rounds).toMatchObject([
    { kind: 'published', contributors: 3 },
    { kind: 'published', contributors: 3 },
  ]);
  expect(rounds.at(-1)).toHaveProperty(
    'testAccuracy',
    expect.toSatisfy((accuracy: number) => accuracy > 0.9),
  );
  for (const [i, backend] of ['webgl', 'wasm', 'cpu'].entries())
    await expect.poll(() => tabs[i]!.getByTestId('backend').getAttribute('data-backend')).toBe(backend);
  expect(complaints).toEqual([]);
});
