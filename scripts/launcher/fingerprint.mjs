import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKSPACES = ['packages', 'apps', 'tasks'];
const SINGLES = ['bench', 'e2e'];
const NOT_SOURCE = new Set(['node_modules', 'dist', 'test', '.turbo']);

/**
 * The folders of the workspace that have a package.json, relative to the root, in a fixed order.
 * @param {string} root
 */
export function workspaceFolders(root) {
  const nested = WORKSPACES.flatMap((parent) => childrenOf(join(root, parent)).map((name) => `${parent}/${name}`));
  return [...nested, ...SINGLES].filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/**
 * Everything that decides what `pnpm install --frozen-lockfile` puts on disk: lockfile, manifests, tool versions, and
 * the platform (a folder shared between a container and its host must not mix native binaries).
 * @param {string} root
 * @param {string} tools versions of the package manager and Node
 */
export function installFingerprint(root, tools) {
  const manifests = workspaceFolders(root).map((folder) => `${folder}/package.json`);
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests];
  return digest(root, files, `${tools} ${process.platform} ${process.arch}`);
}

/**
 * Everything that decides what `vite build` makes: the web app, the packages it may import, and what is installed.
 * Tests are left out. Contents are hashed, not dates: `git checkout` there and back builds nothing.
 * @param {string} root
 * @param {string} installed the fingerprint of the installation
 */
export function webFingerprint(root, installed) {
  const sources = ['apps/web', ...childrenOf(join(root, 'packages')).map((name) => `packages/${name}/src`)];
  const files = sources.flatMap((folder) => filesUnder(root, folder));
  return digest(root, ['tsconfig.base.json', ...files], installed);
}

/** @param {string} root @param {readonly string[]} files @param {string} context */
function digest(root, files, context) {
  const hash = createHash('sha256').update(context);
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} names of its folders, sorted */
function childrenOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** @param {string} root @param {string} folder @returns {string[]} */
function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return NOT_SOURCE.has(entry.name) ? [] : filesUnder(root, path);
      return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
    });
}
