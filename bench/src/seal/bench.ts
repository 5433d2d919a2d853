import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { BROWSER_ARGS, findBrowser, thisMachine } from '../../../scripts/browser.ts';
import { findObstacle } from '../output-file.ts';
import {
  CKKS,
  CKKS_CIPHERTEXTS,
  COEFFICIENTS,
  LEAST_RATIO,
  MEMBERS,
  type Measured,
  PARAMETERS,
  type Runs,
  THRESHOLD,
} from './figures.ts';

/**
 * Sealing an update of 1,663,370 parameters (ciphertext and five boxes, from signed lanes) against stock CKKS (encode,
 * encrypt, serialise), both in one Worker of one Chromium, medians of several runs.
 */
export async function benchSeal(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' } } });
  const obstacle = values.json === undefined ? null : findObstacle(values.json);
  if (obstacle !== null) {
    console.error(obstacle);
    return false;
  }
  const { measured, browser } = await measureInChromium();
  const { sotto, ckks } = measured;
  const sottoMs = median(sotto.runsMs);
  const ckksMs = median(ckks.publicKey.runsMs);
  const ckksSymmetricMs = median(ckks.symmetric.runsMs);
  const result = {
    bench: 'seal',
    parameters: PARAMETERS,
    sottoMs,
    ckksMs,
    ratio: ckksMs / sottoMs,
    ckksSymmetricMs,
    ratioToSymmetric: ckksSymmetricMs / sottoMs,
    browser,
    sotto: { coefficients: COEFFICIENTS, members: MEMBERS, threshold: THRESHOLD, ...sotto },
    ckks: { ...CKKS, ciphertexts: CKKS_CIPHERTEXTS, ...ckks },
  };
  const line = (name: string, ms: number, { bytes }: Runs) =>
    console.log(`  ${name.padEnd(22)}${ms.toFixed(0).padStart(6)} ms ${(bytes / 1e6).toFixed(1).padStart(7)} MB`);
  console.log(`Sealing ${PARAMETERS.toLocaleString('en')} parameters in a Worker of ${browser}, medians:`);
  line('Sotto, five boxes', sottoMs, sotto);
  line('CKKS, public key', ckksMs, ckks.publicKey);
  line('CKKS, symmetric', ckksSymmetricMs, ckks.symmetric);
  const { ratio, ratioToSymmetric } = result;
  console.log(`  ${ratio.toFixed(1)} times as fast as under the public key (at least ${LEAST_RATIO} is wanted),`);
  console.log(`  ${ratioToSymmetric.toFixed(1)} times as fast as symmetric CKKS.`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  return ratio >= LEAST_RATIO;
}

async function measureInChromium(): Promise<{ measured: Measured; browser: string }> {
  const found = findBrowser(thisMachine);
  if ('missing' in found) throw new Error(found.missing);
  const outDir = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  try {
    const common = { root: import.meta.dirname, configFile: false, logLevel: 'error' } as const;
    // `using` declarations are compiled away: not every supported browser has them.
    const target = 'es2024';
    await build({ ...common, build: { outDir, target, emptyOutDir: true }, worker: { format: 'es' } });
    const server = await preview({ ...common, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
    const browser = await chromium.launch({ executablePath: found.path, args: BROWSER_ARGS });
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls?.local[0] ?? '');
      const measured = await page.evaluate(() => globalThis.measureInWorker());
      return { measured, browser: `Chromium ${browser.version()}` };
    } finally {
      await browser.close();
      await server.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
