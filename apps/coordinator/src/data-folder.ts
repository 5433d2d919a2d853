import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TEMPORARY } from './blobs/files.ts';
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
export function openDataFolder(given: string, database: 'sqlite' | 'postgres' = 'sqlite'): DataFolder {
  const path = resolve(given);
  const folder = { path, database: join(path, 'sotto.sqlite'), blobs: join(path, 'blobs') };
  let entries: string[];
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // A first start that was killed may have left no more than half a key.
    entries = readdirSync(path).filter((name) => !name.startsWith('.') && !name.endsWith(TEMPORARY));
  } catch (cause) {
    throw new StartError(
      `The data folder ${path} cannot be used (${messageOf(cause)}). Make it a folder this user may write to, or set SOTTO_DATA_DIR to another.`,
      { cause },
    );
  }
  const [holdsFile, holdsKey] = ['sotto.sqlite', 'coordinator.key'].map((name) => entries.includes(name));
  if (database === 'postgres' && holdsFile)
    throw new StartError(
      `The folder ${path} holds a database of its own, which would be left out with SOTTO_DATABASE_URL. Set SOTTO_DATA_DIR to another folder, or do not set SOTTO_DATABASE_URL.`,
    );
  if (database === 'sqlite' && holdsKey && !holdsFile)
    throw new StartError(
      `The folder ${path} holds a coordinator's key and no database. If it was used with PostgreSQL, set SOTTO_DATABASE_URL; else restore sotto.sqlite from a backup, or choose another SOTTO_DATA_DIR.`,
    );
  if (entries.length > 0 && !holdsFile && !holdsKey)
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
