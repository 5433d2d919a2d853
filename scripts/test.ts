// `npm test [-- FILTER…]`: every check, every test, and the known answers. The last line counts them all.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser, thisMachine } from './browser.ts';
import { CHECKS } from './checks.ts';
import { ROOT, runCommand, runStep, timed, tool } from './command.ts';
import { addTallies, type Tally, tallyLine, tallyVitest, type VitestReport } from './tally.ts';

const filters = process.argv.slice(2);
const browser = findBrowser(thisMachine);
const env = 'path' in browser ? { SOTTO_CHROMIUM: browser.path } : {};

const tallies: Tally[] = [];
if (filters.length > 0) {
  const projects = 'path' in browser ? ['unit', 'e2e'] : ['unit'];
  tallies.push(await timed(`tests matching ${filters.join(', ')}`, () => vitest(projects, filters)));
} else {
  for (const check of CHECKS) tallies.push(await runStep(check));
  tallies.push(await timed('unit, property, vector and whole-round tests', () => vitest(['unit'])));
  tallies.push(
    await timed('end to end in browsers', () =>
      'path' in browser ? vitest(['e2e']) : skipBrowserTests(browser.missing),
    ),
  );
  tallies.push(
    await runStep({
      title: 'known answers',
      command: process.execPath,
      args: [
        '--disable-warning=ExperimentalWarning',
        join(ROOT, 'apps/cli/src/main.ts'),
        'selftest',
        '--vectors',
        join(ROOT, 'test-vectors'),
      ],
    }),
  );
}

const total = addTallies(tallies);
console.log(`\n${tallyLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function vitest(projects: readonly string[], only: readonly string[] = []): Promise<Tally> {
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

/** In CI a browser is promised, so its absence is a failure there. */
async function skipBrowserTests(why: string): Promise<Tally> {
  const files = globSync('e2e/**/*.test.ts', { cwd: ROOT, exclude: ['**/node_modules/**'] }).length;
  console.log(`${files} browser test files skipped: ${why}`);
  return process.env.CI === 'true'
    ? { passed: 0, failed: Math.max(files, 1), skipped: 0 }
    : { passed: 0, failed: 0, skipped: files };
}
