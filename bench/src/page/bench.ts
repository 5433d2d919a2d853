import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@sotto/coordinator/config';
import { startCoordinator } from '@sotto/coordinator/main';
import { isRejection } from '@sotto/protocol/rejection';
import { chromium } from 'playwright-core';
import { BROWSER_ARGS, findBrowser, thisMachine } from '../../../scripts/browser.ts';
import { measureEntry } from '../../../scripts/entry-size.ts';
import { findObstacle } from '../output-file.ts';
import { MOST_ENTRY_KB, MOST_INTERACTIVE_MS, type Watched } from './figures.ts';
import { startNeighbours } from './neighbours.ts';
import { visit } from './visit.ts';
import { openReady, watch } from './watch.ts';

const PAGES = join(import.meta.dirname, '../../../apps/web/dist');
const TASK = 'mnist';
/** First visits: one alone would tell of the machine's mood. */
const VISITS = 3;
const ROUNDS = 2;
const NEIGHBOURS = 2;

/**
 * What the participant page costs: the scripts it starts with; how soon it is of use to a slow phone on a slow network; and whether it stays
 * responsive while it learns and seals, against the same page doing nothing for the same time.
 */
export async function benchPage(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' }, pages: { type: 'string' } } });
  const obstacle = values.json === undefined ? null : findObstacle(values.json);
  if (obstacle !== null) {
    console.error(obstacle);
    return false;
  }
  const pages = values.pages ?? PAGES;
  const entryGzipKB = measureEntry((path) => readFileSync(join(pages, path))).scriptBytes / 1000;
  const { visits, busy, idle, browser } = await measureInChromium(pages);
  const sorted = [...visits].sort((a, b) => a.interactiveMs - b.interactiveMs);
  const { interactiveMs, answerMs, bytes } = sorted[Math.floor(sorted.length / 2)]!;
  const result = {
    bench: 'page',
    entryGzipKB,
    interactiveMs,
    longTasks: busy.longTasks.length,
    longTasksIdle: idle.longTasks.length,
    browser,
    answerMs,
    bytes,
    visitsMs: visits.map((each) => each.interactiveMs),
    rounds: ROUNDS,
    busy,
    idle,
  };
  console.log(`The participant page in ${browser}:`);
  console.log(`  ${entryGzipKB.toFixed(1).padStart(7)} KB of scripts to start with, gzip (at most ${MOST_ENTRY_KB})`);
  console.log(
    `  ${interactiveMs.toFixed(0).padStart(7)} ms until the first step can be taken (at most ${MOST_INTERACTIVE_MS})`,
  );
  const tell = (what: string, { ms, longTasks }: Watched) => {
    console.log(`  ${String(longTasks.length).padStart(7)} long tasks in ${(ms / 1000).toFixed(0)} s of ${what}`);
    for (const task of longTasks) console.log(`          ${task.ms} ms  ${task.script}`);
  };
  tell('learning and sealing', busy);
  tell('idleness', idle);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  return (
    entryGzipKB <= MOST_ENTRY_KB &&
    interactiveMs <= MOST_INTERACTIVE_MS &&
    busy.longTasks.length <= idle.longTasks.length
  );
}

async function measureInChromium(pages: string) {
  const found = findBrowser(thisMachine);
  if ('missing' in found) throw new Error(found.missing);
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const config = readConfig({ SOTTO_DATA_DIR: folder, PORT: '0', SOTTO_LOG: 'error', SOTTO_DRAIN_MS: '0' });
  const coordinator = await startCoordinator(config, { pages });
  const browser = await chromium.launch({ executablePath: found.path, args: BROWSER_ARGS });
  try {
    const url = `${coordinator.url}/t/${TASK}`;
    const visits = [];
    for (let count = 0; count < VISITS; count++) visits.push(await visit(browser, url));

    const neighbours = startNeighbours(NEIGHBOURS, coordinator.url, TASK);
    const working = await openReady(browser, url);
    const busy = await watch(browser, working, async () => {
      await working.getByRole('button', { name: 'Join', exact: true }).click();
      await working.locator('main[data-connection="connected"]').waitFor();
      const run = await coordinator.runs.create({ task: TASK, rounds: ROUNDS, seed: 1 });
      if (isRejection(run)) throw new Error(run.message);
      // Published, and its updates verified to be in the sums.
      await working.locator(`main[data-included="${ROUNDS}"]`).waitFor({ timeout: 300_000 });
    });
    await working.context().close();
    await neighbours.stop();

    const resting = await openReady(browser, url);
    const idle = await watch(browser, resting, () => resting.waitForTimeout(busy.ms));
    return { visits, busy, idle, browser: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
    await coordinator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
