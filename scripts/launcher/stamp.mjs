import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the launcher remembers what it has done. Inside node_modules, so that deleting that forgets both. */
export const MEMORY = join('node_modules', '.sotto');

/**
 * What was last written under this name; undefined when nothing was.
 * @param {string} root @param {string} name @returns {string | undefined}
 */
export function readStamp(root, name) {
  try {
    return readFileSync(join(root, MEMORY, name), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Written aside and renamed: a reader sees the old stamp or the new one, never half of it.
 * @param {string} root @param {string} name @param {string} content
 */
export function writeStamp(root, name, content) {
  const file = join(root, MEMORY, name);
  mkdirSync(join(root, MEMORY), { recursive: true });
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

/**
 * Forgets a stamp before the work it vouches for begins: a kill half-way must not leave an old stamp on new files.
 * @param {string} root @param {string} name
 */
export function dropStamp(root, name) {
  rmSync(join(root, MEMORY, name), { force: true });
}
