import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HASTE, run } from './child.mjs';
import { advise, LaunchFailure } from './failure.mjs';
import { installFingerprint, webFingerprint, workspaceFolders } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { findRuntime, rememberedRuntime } from './runtime.mjs';
import { dropStamp, MEMORY, readStamp, writeStamp } from './stamp.mjs';

/** On a slow network an installation takes minutes; a launcher that says nothing looks hung. */
const REMINDER_MS = 20_000;

/** @typedef {import('./runtime.mjs').Runtime} Runtime */
/** @typedef {(text: string) => void} Say */

/**
 * Brings the checkout to where the command can run: a fitting Node, the packages, and with `web` the built pages.
 * What is in place already is left alone and costs a few file reads; the rest is done by one launcher at a time.
 * @param {string} root
 * @param {{ web: boolean }} needs
 * @param {Say} say
 * @returns {Promise<Runtime>}
 */
export function prepare(root, needs, say) {
  const known = rememberedRuntime(root);
  if (known && isInstalled(root, known) && (!needs.web || isBuilt(root, known))) return Promise.resolve(known);
  return withLock(
    join(root, MEMORY),
    (holder) => say(`another start (process ${holder}) is preparing this checkout; waiting for it`),
    async () => {
      const reminder = setInterval(() => say('still at it'), REMINDER_MS);
      try {
        const runtime = rememberedRuntime(root) ?? (await findRuntime(root, say));
        if (!isInstalled(root, runtime)) await install(root, runtime, say);
        if (needs.web && !isBuilt(root, runtime)) await buildWeb(root, runtime, say);
        return runtime;
      } finally {
        clearInterval(reminder);
      }
    },
  );
}

/** @param {string} root @param {Runtime} runtime */
function isInstalled(root, runtime) {
  return (
    readStamp(root, 'install') === installFingerprint(root, runtime.tools) &&
    workspaceFolders(root).every(
      (folder) => !hasDependencies(root, folder) || existsSync(join(root, folder, 'node_modules')),
    )
  );
}

/** @param {string} root @param {string} folder */
function hasDependencies(root, folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
}

/** @param {string} root @param {Runtime} runtime */
function isBuilt(root, runtime) {
  return (
    existsSync(join(root, 'apps/web/dist/index.html')) &&
    readStamp(root, 'web') === webFingerprint(root, installFingerprint(root, runtime.tools))
  );
}

/** @param {string} root @param {Runtime} runtime @param {Say} say */
async function install(root, runtime, say) {
  say('installing packages');
  const began = Date.now();
  const fingerprint = installFingerprint(root, runtime.tools);
  dropStamp(root, 'install');
  const args = [
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--config.confirmModulesPurge=false',
    ...HASTE,
  ];
  const env = { ...process.env, PATH: runtime.path };
  const ended = await run('pnpm', args, { cwd: root, env, shell: process.platform === 'win32' });
  if (ended.code !== 0) {
    process.stderr.write(ended.printed);
    throw new LaunchFailure(`the packages could not be installed (pnpm exit ${ended.code}). ${advise(ended.printed)}`);
  }
  writeStamp(root, 'install', fingerprint);
  say(`packages installed in ${seconds(began)}`);
}

/** @param {string} root @param {Runtime} runtime @param {Say} say */
async function buildWeb(root, runtime, say) {
  say('building the web pages');
  const began = Date.now();
  const web = join(root, 'apps/web');
  const fingerprint = webFingerprint(root, installFingerprint(root, runtime.tools));
  dropStamp(root, 'web');
  const env = { ...process.env, PATH: runtime.path };
  const ended = await run(runtime.node, [join(web, 'node_modules/vite/bin/vite.js'), 'build'], {
    cwd: web,
    env,
  });
  if (ended.code !== 0) {
    process.stderr.write(ended.printed);
    throw new LaunchFailure(`the web pages could not be built (vite exit ${ended.code}). ${advise(ended.printed)}`);
  }
  writeStamp(root, 'web', fingerprint);
  say(`web pages built in ${seconds(began)}`);
}

/** @param {number} began */
function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
