// `npm run test:page [-- --json FILE] [--but FILTER] [FILTER…]`: everything people do on the participant page, in a real browser, with pictures of each state.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser, thisMachine } from './browser.ts';
import { ROOT, timed } from './command.ts';
import { type PhotographedState, writeContactSheet } from './contact-sheet.ts';
import { tallyLine } from './tally.ts';
import { runVitest, skipBrowserTests } from './vitest.ts';

const PICTURES = join(ROOT, 'test-results/page');
/** Every state that people can meet: the name of its pictures → what they show. */
const STATES = readJson<Record<string, string>>(join(ROOT, 'e2e/page/states.json'));

const { values, positionals: asked } = parseArgs({
  options: { json: { type: 'string' }, but: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});
const filters = values.but.length === 0 ? asked : filesBut(values.but, asked);
const browser = findBrowser(thisMachine);
const began = performance.now();

// Pictures of an earlier run must not stand for a state that this one does not reach.
if (filters.length === 0) rmSync(PICTURES, { recursive: true, force: true });
mkdirSync(PICTURES, { recursive: true });

const tally = await timed('the participant page in a browser', async () =>
  'path' in browser
    ? runVitest(['page'], filters, { SOTTO_CHROMIUM: browser.path })
    : skipBrowserTests('e2e/page/**/*.test.ts', [], browser.missing),
);

const states = globSync('*.json', { cwd: PICTURES }).map((file) => readJson<PhotographedState>(join(PICTURES, file)));
const photographed = new Set(states.map(({ name }) => name));
const missing = Object.keys(STATES).filter((name) => !photographed.has(name));
const unlisted = [...photographed].filter((name) => !Object.hasOwn(STATES, name));
const sheet = join(PICTURES, 'index.html');
writeFileSync(sheet, writeContactSheet(states, STATES));

const whole = filters.length === 0 && 'path' in browser;
if (whole && missing.length > 0) console.log(`states without pictures: ${missing.join(', ')}`);
if (unlisted.length > 0) console.log(`pictures that e2e/page/states.json does not list: ${unlisted.join(', ')}`);
const failed = tally.failed + (whole && missing.length > 0 ? 1 : 0) + (unlisted.length > 0 ? 1 : 0);

const result = {
  states: states.length,
  screenshots: states.reduce((sum, { pictures }) => sum + pictures.length, 0),
  violations: states.reduce((sum, { violations }) => sum + violations.length, 0),
  passed: tally.passed,
  failed,
  skipped: tally.skipped,
  missing: whole ? missing : [],
  unlisted,
  seconds: Math.round((performance.now() - began) / 1000),
  pictures: relative(process.cwd(), sheet),
};
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
console.log(
  `${result.states} states, ${result.screenshots} pictures, ${result.violations} violations: ${result.pictures}`,
);
console.log(`\n${tallyLine({ ...tally, failed })}`);
process.exitCode = failed === 0 ? 0 : 1;

/** The test files whose path contains one of `among`, if there is any, and none of `but`. */
function filesBut(but: readonly string[], among: readonly string[]): string[] {
  return globSync('e2e/page/*.test.ts', { cwd: ROOT })
    .filter((file) => among.length === 0 || among.some((part) => file.includes(part)))
    .filter((file) => !but.some((part) => file.includes(part)));
}

function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(file, 'utf8')) as Content;
}
