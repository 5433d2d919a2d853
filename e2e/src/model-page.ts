import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from 'playwright-core';
import { vi } from 'vitest';
import type { Stage } from './stage.ts';

/** A run of a task that was learned from start to end by those who are there. */
export async function finishRun(stage: Stage, task: string, rounds: number) {
  const { run } = await stage.run({ task, rounds, cohort: { least: 3 } });
  await vi.waitUntil(() => stage.coordinator.runs.get(run)?.state === 'finished', { timeout: 180_000, interval: 100 });
  return stage.coordinator.runs.get(run)!;
}

/** Opens the section, and waits until it can compute. */
export async function openModel(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Try the model' }).click();
  await page.locator('[data-testid=workbench][data-computing=ready][data-model=ready]').waitFor();
  return page.getByTestId('model');
}

/** A 7 on the pad, in one stroke. */
export async function drawSeven(page: Page, pad: Locator): Promise<void> {
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await pad.boundingBox())!;
  const [first, ...rest] = [
    [0.25, 0.2],
    [0.72, 0.2],
    [0.62, 0.4],
    [0.45, 0.85],
  ].map(([across, down]) => [x + width * across!, y + height * down!] as const);
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 6 });
  await page.mouse.up();
}

/** What a button downloads. */
export async function saved(page: Page, button: string): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const [download] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: new Uint8Array(await readFile(await download.path())) };
}
