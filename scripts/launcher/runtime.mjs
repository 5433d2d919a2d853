import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { HASTE, run } from './child.mjs';
import { advise, LaunchFailure } from './failure.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/** Node from this version on runs TypeScript files as they are and knows WebAssembly's exnref, which node-seal needs. */
const OLDEST_NODE = 24;
const FETCHED_NODE = '26.10.0';

/** @typedef {{ node: string, path: string, tools: string }} Runtime `path` is the PATH on which `node` and `pnpm` are the right ones */

/**
 * The Node and pnpm found by an earlier start, while they are still there and the question is still the same.
 * @param {string} root
 * @returns {Runtime | undefined}
 */
export function rememberedRuntime(root) {
  const [asked, node = '', bin = ''] = (readStamp(root, 'runtime') ?? '').split('\n');
  const valid = asked === questionOf(root) && existsSync(node) && (bin === '' || existsSync(join(bin, 'pnpm')));
  return valid ? { node, path: pathWith(bin), tools: toolsOf(root) } : undefined;
}

/**
 * The Node and pnpm to work with: the machine's own where they are new enough, else the ones npm fetches (its cache
 * keeps them). What was found is remembered, so that later starts ask nobody.
 * @param {string} root
 * @param {(text: string) => void} say
 * @returns {Promise<Runtime>}
 */
export async function findRuntime(root, say) {
  const pnpm = wantedPnpm(root);
  const found = (await isOwnEnough(root, pnpm)) ? { node: process.execPath, bin: '' } : await fetchRuntime(pnpm, say);
  writeStamp(root, 'runtime', [questionOf(root), found.node, found.bin].join('\n'));
  return { node: found.node, path: pathWith(found.bin), tools: toolsOf(root) };
}

/** @param {string} root */
function toolsOf(root) {
  return `node ${OLDEST_NODE}/${FETCHED_NODE} pnpm ${wantedPnpm(root)}`;
}

/** What the answer depends on. @param {string} root */
function questionOf(root) {
  return `${toolsOf(root)} for ${process.execPath} ${process.version}`;
}

/** @param {string} bin */
function pathWith(bin) {
  const path = process.env.PATH ?? '';
  return bin === '' ? path : `${bin}${delimiter}${path}`;
}

/** @param {string} root @returns {string} the version named by package.json's `packageManager` */
function wantedPnpm(root) {
  /** @type {{ packageManager: string }} */
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return manifest.packageManager.replace(/^pnpm@/, '');
}

/** @param {string} root @param {string} pnpm */
async function isOwnEnough(root, pnpm) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) return false;
  try {
    const own = await run('pnpm', ['--version'], { cwd: root, shell: process.platform === 'win32' });
    return own.code === 0 && own.stdout.trim().split('.')[0] === pnpm.split('.')[0];
  } catch {
    return false;
  }
}

/**
 * @param {string} pnpm
 * @param {(text: string) => void} say
 * @returns {Promise<{ node: string, bin: string }>}
 */
async function fetchRuntime(pnpm, say) {
  say(
    `this needs Node ${OLDEST_NODE} or newer and pnpm ${pnpm.split('.')[0]}: asking npm for Node ${FETCHED_NODE} and pnpm ${pnpm} (cached after the first time)`,
  );
  // The call only reports where the two lie. The command itself is started from here, so that no shell ever reads its arguments.
  const report = 'node -p "JSON.stringify([process.execPath, process.env.PATH])"';
  const args = [
    'exec',
    '--yes',
    '--loglevel=error',
    ...HASTE,
    `--package=node@${FETCHED_NODE}`,
    `--package=pnpm@${pnpm}`,
    '--call',
    report,
  ];
  const npm = npmScript();
  const [command, before] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];

  // Away from the checkout: inside it npm would look through node_modules first.
  const asked = await run(command, [...before, ...args], { cwd: tmpdir() }).catch((error) => {
    throw new LaunchFailure(
      `npm could not be started (${error.message}). Install Node with npm from https://nodejs.org, or Node ${OLDEST_NODE} or newer with pnpm ${pnpm.split('.')[0]}, and run the same command again.`,
    );
  });
  if (asked.code !== 0) {
    process.stderr.write(asked.printed);
    throw new LaunchFailure(
      `npm could not fetch Node ${FETCHED_NODE} and pnpm ${pnpm} (exit ${asked.code}). ${advise(asked.printed)}`,
    );
  }
  /** @type {[string, string]} */
  const [node, path] = JSON.parse(asked.stdout.trim().split('\n').at(-1) ?? '');
  const bin = path.split(delimiter).find((folder) => existsSync(join(folder, 'pnpm')));
  if (bin === undefined) {
    throw new LaunchFailure(`npm fetched pnpm ${pnpm}, but it is not on the PATH it gives: ${path}`);
  }
  return { node, bin };
}

/** npm's own script: the running npm's, else the one that came with this Node. Started with Node it needs no shell. */
function npmScript() {
  const besideNode = ['node_modules', '../lib/node_modules'].map((modules) =>
    join(dirname(process.execPath), modules, 'npm/bin/npm-cli.js'),
  );
  return [process.env.npm_execpath ?? '', ...besideNode].find(
    (path) => /npm-cli\.c?js$/.test(path) && existsSync(path),
  );
}
