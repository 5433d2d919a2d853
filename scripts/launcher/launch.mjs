import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLike, handOver } from './child.mjs';
import { LaunchFailure } from './failure.mjs';
import { prepare } from './preparation.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @typedef {{ script: string, before: readonly string[], needsWeb: (args: readonly string[]) => boolean }} Target */

/** @param {readonly string[]} args */
const asksForHelp = (args) => args.some((argument) => argument === '--help' || argument === '-h');

/** @type {Readonly<Record<string, Target>>} */
const TARGETS = {
  start: { script: 'apps/cli/src/main.ts', before: ['start'], needsWeb: (args) => !asksForHelp(args) },
  sotto: { script: 'apps/cli/src/main.ts', before: [], needsWeb: (args) => args[0] === 'start' && !asksForHelp(args) },
  bench: { script: 'bench/src/main.ts', before: [], needsWeb: (args) => args[0] === 'page' },
  // With a filter only the browser tests need the pages.
  test: {
    script: 'scripts/test.ts',
    before: [],
    needsWeb: (args) => args.length === 0 || args.some((filter) => filter.includes('e2e')),
  },
  'test:crash': { script: 'apps/coordinator/test/crash/main.ts', before: [], needsWeb: () => false },
  'test:fuzz': { script: 'apps/coordinator/test/fuzz/main.ts', before: [], needsWeb: () => false },
  'test:page': { script: 'scripts/test-page.ts', before: [], needsWeb: () => true },
  check: { script: 'scripts/check.ts', before: [], needsWeb: () => true },
};

/** @param {string} text */
function say(text) {
  process.stderr.write(`sotto: ${text}\n`);
}

/**
 * Prepares the checkout and runs one target in the folder where the user stands, so that relative paths mean what they
 * say. Everything the launcher has to tell goes to stderr: stdout belongs to the command.
 * @param {string | undefined} name
 * @param {readonly string[]} args
 */
export async function launch(name, args) {
  try {
    if (name === 'build') {
      await prepare(ROOT, { web: true }, say);
      return;
    }
    const target = name === undefined || !Object.hasOwn(TARGETS, name) ? undefined : TARGETS[name];
    if (target === undefined) {
      throw new LaunchFailure(
        `no command ${name ?? ''}. There are: build, ${Object.keys(TARGETS).join(', ')} (as \`npm run …\`).`,
      );
    }
    const runtime = await prepare(ROOT, { web: target.needsWeb(args) }, say);
    // INIT_CWD is where npm was called; it must not leak into commands that the command starts elsewhere.
    const { INIT_CWD: calledFrom, ...inherited } = process.env;
    endLike(
      await handOver(
        runtime.node,
        ['--disable-warning=ExperimentalWarning', join(ROOT, target.script), ...target.before, ...args],
        { cwd: calledFrom ?? process.cwd(), env: { ...inherited, PATH: runtime.path } },
      ),
    );
  } catch (error) {
    say(explain(error));
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof LaunchFailure) return error.message;
  if (
    error instanceof Error &&
    'code' in error &&
    'path' in error &&
    ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(String(error.code))
  ) {
    const cause = error.code === 'ENOSPC' ? 'the disk is full' : 'it may not be written by this user';
    return `${error.path}: ${cause} (${error.code}). Mend that, or copy the checkout to a folder of your own, and start again.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
