import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from './error-message.ts';
import { StartError } from './start-error.ts';

export interface DataFolder {
  readonly path: string;
  readonly database: string;
  readonly blobs: string;
}

/**
 * The folder that holds everything this coordinator knows. Made when missing.
 * @throws StartError when it cannot be written, or is somebody else's.
 */
export function openDataFolder(given: string): DataFolder {
  const path = resolve(given);
  const folder = { path, database: join(path, 'sotto.sqlite'), blobs: join(path, 'blobs') };
  let entries: string[];
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    entries = readdirSync(path).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    throw new StartError(
      `The data folder ${path} cannot be used (${messageOf(cause)}). Make it a folder this user may write to, or set SOTTO_DATA_DIR to another.`,
      { cause },
    );
  }
  if (entries.length > 0 && !entries.includes('sotto.sqlite'))
    throw new StartError(
      `The folder ${path} holds other files (${entries.slice(0, 3).join(', ')} …) and no coordinator's data. Set SOTTO_DATA_DIR to an empty or new folder.`,
    );
  return folder;
}

/** Level by level: where a folder exists and yet answers ENOENT, as /proc does, `recursive` of mkdirSync tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
