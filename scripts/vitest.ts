import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runCommand, tool } from './command.ts';
import { type Tally, tallyVitest, type VitestReport } from './tally.ts';

/** Runs projects of vitest.config.ts, or only their files whose path contains one of `only`, and counts. */
export async function runVitest(
  projects: readonly string[],
  only: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const chosen = projects.map((project) => `--project=${project}`);
    const exitCode = await runCommand(tool('vitest'), [...args, ...chosen, ...only], env);
    return tallyVitest(readReport(report), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Vitest writes no report when it cannot even start. */
function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
}

/** Counts what cannot run without a browser. In CI one is promised, so its absence is a failure there. */
export function skipBrowserTests(pattern: string, exclude: readonly string[], why: string): Tally {
  const files = globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**', ...exclude] }).length;
  console.log(`${files} browser test files skipped: ${why}`);
  return process.env.CI === 'true'
    ? { passed: 0, failed: Math.max(files, 1), skipped: 0 }
    : { passed: 0, failed: 0, skipped: files };
}
