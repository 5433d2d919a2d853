import { chmod, copyFile, link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { isBlobName } from './blobs/blobs.ts';
import { TEMPORARY } from './blobs/files.ts';
import type { DataFolder } from './data-folder.ts';
import { fileFault } from './unavailable.ts';

export interface BackupPorts {
  readonly folder: DataFolder;
  /** Writes the database as it is at one moment into a new file; null where it is kept elsewhere. */
  readonly copyDatabase: ((file: string) => Promise<void>) | null;
  readonly now: () => number;
}

const FOLDER = 'backups';

/**
 * A data folder as it is at one moment, beside the running coordinator: its database, key and blobs. Blobs are linked, not copied, as none
 * ever changes but by growing; before the database, as some are removed once it no longer speaks of them, and again after it, as some are
 * written before it does. So there is everything that the database speaks of. A backup that fails leaves nothing behind.
 * @returns the new folder in `backups` of the data folder, or why none can be made
 * @throws Unavailable when the machine cannot do it
 */
export async function makeBackup({
  folder,
  copyDatabase,
  now,
}: BackupPorts): Promise<{ readonly folder: string } | Rejection<'bad_config'>> {
  if (copyDatabase === null)
    return reject(
      'bad_config',
      'The database is PostgreSQL’s, and so are its backups: see “Back up” in docs/OPERATIONS.md.',
    );
  const made = join(folder.path, FOLDER, new Date(now()).toISOString().replace(/[:.]/g, '-'));
  const partial = `${made}${TEMPORARY}`;
  try {
    await fill(partial, folder, copyDatabase);
    await rename(partial, made);
    await sync(dirname(made));
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw fileFault(folder.path, error);
  }
  return { folder: made };
}

async function fill(partial: string, folder: DataFolder, copyDatabase: (file: string) => Promise<void>): Promise<void> {
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const blobs = join(partial, relative(folder.path, folder.blobs));
  await linkAll(folder.blobs, blobs);
  await copyDatabase(join(partial, relative(folder.path, folder.database)));
  await linkAll(folder.blobs, blobs);
  const key = join(partial, 'coordinator.key');
  await copyFile(join(folder.path, 'coordinator.key'), key);
  await chmod(key, 0o600);
  await syncAll(partial);
}

/** A folder and everything below it. */
export async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await sync(join(entry.parentPath, entry.name));
  await sync(folder);
}

/** Everything below `from` that is whole; what goes meanwhile is not missed. */
async function linkAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await unless('ENOENT', readdir(from, { recursive: true, withFileTypes: true }), [])) {
    const source = join(entry.parentPath, entry.name);
    const name = relative(from, source);
    // Anything else is half written, or half removed.
    if (!entry.isFile() || !isBlobName(name.split(sep).join('/'))) continue;
    const target = join(to, name);
    await mkdir(dirname(target), { recursive: true });
    await unless('EEXIST', unless('ENOENT', link(source, target), undefined), undefined);
  }
}

async function unless<T>(code: string, result: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return otherwise;
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
