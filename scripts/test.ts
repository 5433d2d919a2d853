// `npm test [-- FILTER…]`: every check, every test, and the known answers. The last line counts them all.
import { join } from 'node:path';
import { findBrowser, thisMachine } from './browser.ts';
import { CHECKS } from './checks.ts';
import { ROOT, runStep, timed } from './command.ts';
import { addTallies, type Tally, tallyLine } from './tally.ts';
import { runVitest, skipBrowserTests } from './vitest.ts';

const filters = process.argv.slice(2);
const browser = findBrowser(thisMachine);
const env = 'path' in browser ? { SOTTO_CHROMIUM: browser.path } : {};

const tallies: Tally[] = [];
if (filters.length > 0) {
  const projects = 'path' in browser ? ['unit', 'e2e'] : ['unit'];
  tallies.push(await timed(`tests matching ${filters.join(', ')}`, () => runVitest(projects, filters, env)));
} else {
  for (const check of CHECKS) tallies.push(await runStep(check));
  tallies.push(await timed('unit, property, vector and whole-round tests', () => runVitest(['unit'], [], env)));
  tallies.push(
    await timed('end to end in browsers', async () =>
      'path' in browser
        ? runVitest(['e2e'], [], env)
        : skipBrowserTests('e2e/**/*.test.ts', ['e2e/page/**'], browser.missing),
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
