import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const OPTIONS = { encoding: 'utf8', stdio: 'pipe' } as const;

test('the load bench runs a whole round of live participants, makes sure of its sum, and measures the coordinator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  try {
    const file = join(folder, 'load.json');
    const said = execFileSync(process.execPath, [MAIN, 'load', '--participants', '4', '--json', file], OPTIONS);
    expect(said).toContain('4 participants');
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const { wallMs, rssPeakMB, loopLagP99Ms, runs } = result;
    expect(result).toMatchObject({ bench: 'load', participants: 4, bytesAParticipant: null });
    expect(wallMs).toBeGreaterThan(0);
    expect(rssPeakMB).toBeGreaterThan(0);
    expect(loopLagP99Ms).toBeGreaterThanOrEqual(0);
    expect(runs).toMatchObject([{ participants: 4, parameters: 100_202, wallMs, rssPeakMB, loopLagP99Ms }]);
    expect(runs[0].phases.map(({ phase }: { phase: string }) => phase)).toContain('collecting');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the load bench says what number of participants it can take', () => {
  for (const participants of ['2', 'many']) {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'load', '--participants', participants], OPTIONS);
    expect(status).toBe(1);
    expect(stderr).toContain(`--participants ${participants} cannot be used`);
  }
});
