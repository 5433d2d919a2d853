import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { PART_BYTES } from '@sotto/protocol/messages';
import { invariant } from '@sotto/protocol/rejection';
import { type Failpoint, writeOf } from '../failpoints.ts';
import { fileFault } from '../unavailable.ts';
import { type Blobs, isBlobName } from './blobs.ts';

export const TEMPORARY = '.tmp';
const PROBE = 'probe';

/**
 * Blobs as files under `folder`: temporary name, fsync, rename, fsync of the folder. What the machine cannot do throws Unavailable and
 * leaves nothing half done.
 */
export function createFileBlobs(folder: string, failpoint?: Failpoint): Blobs {
  const pathOf = (name: string) => {
    invariant(isBlobName(name), `“${name}” is not the name of a blob`);
    return join(folder, name);
  };
  const translated = async <T>(doing: Promise<T>): Promise<T> => {
    try {
      return await doing;
    } catch (error) {
      throw fileFault(folder, error);
    }
  };

  async function read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await unlessMissing(readFile(path));
    return bytes && new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  }

  async function readRange(path: string, from: number, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const file = await unlessMissing(open(path, 'r'));
    if (!file) return undefined;
    await using _ = file;
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const { bytesRead } = await file.read(bytes, at, length - at, from + at);
      if (bytesRead === 0) return undefined;
      at += bytesRead;
    }
    return bytes;
  }

  async function size(path: string): Promise<number | undefined> {
    const entry = await unlessMissing(stat(path));
    return entry?.isFile() ? entry.size : undefined;
  }

  async function append(path: string, bytes: Uint8Array): Promise<number> {
    await using file = (await unlessMissing(open(path, 'r+'))) ?? (await begin(path));
    const { size: before } = await file.stat();
    try {
      await writeAll(file, bytes, before);
      await file.datasync();
    } catch (error) {
      // What is not known to be on disk is not to be counted as received.
      await file.truncate(before).catch(() => {});
      throw error;
    }
    return before + bytes.length;
  }

  async function list(path: string): Promise<string[]> {
    const entries = await unlessMissing(readdir(path, { recursive: true, withFileTypes: true }));
    return (entries ?? [])
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter(isBlobName);
  }

  async function remove(path: string): Promise<void> {
    // Work for a round that was given up may still be writing there, and a folder that fills is never empty: it is put aside first.
    const aside = `${path}.${randomUUID()}${TEMPORARY}`;
    await unlessMissing(rename(path, aside));
    await rm(aside, { recursive: true, force: true });
    // What was taken back or is no longer kept does not come back with the power.
    await unlessMissing(syncFolder(dirname(path)));
  }

  return {
    write: async (name, bytes) =>
      translated(writeDurably(pathOf(name), bytes, { failpoint: (step) => failpoint?.(`${writeOf(name)}:${step}`) })),
    read: async (name) => translated(read(pathOf(name))),
    readRange: async (name, from, length) => translated(readRange(pathOf(name), from, length)),
    size: async (name) => translated(size(pathOf(name))),
    append: async (name, bytes) => translated(append(pathOf(name), bytes)),
    list: async (name) => translated(list(pathOf(name))),
    remove: async (name) => translated(remove(pathOf(name))),
  };
}

/** Writes for nothing as much as a part of an upload, to see whether that can be done. */
export async function probeBlobs(blobs: Pick<Blobs, 'write' | 'remove'>): Promise<void> {
  await blobs.write(PROBE, new Uint8Array(PART_BYTES));
  await blobs.remove(PROBE);
}

/** Removes from a folder what processes that died in the middle of a durable write have left. Only while nobody writes. */
export async function sweep(folder: string): Promise<void> {
  const names = await unlessMissing(readdir(folder, { recursive: true }));
  for (const name of names ?? [])
    if (name.endsWith(TEMPORARY)) await rm(join(folder, name), { recursive: true, force: true });
}

/** A file that is there whole or not at all, whenever the power fails. */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  { mode = 0o644, failpoint }: { readonly mode?: number; readonly failpoint?: Failpoint } = {},
): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    {
      await using file = await open(temporary, 'wx', mode);
      await writeAll(file, bytes, 0);
      await file.sync();
    }
    await failpoint?.('temporary');
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await failpoint?.('renamed');
  await syncFolder(dirname(path));
}

/** An empty file whose name survives. */
async function begin(path: string): Promise<FileHandle> {
  await makeFolder(dirname(path));
  const file = await open(path, 'a+');
  try {
    await syncFolder(dirname(path));
    return file;
  } catch (error) {
    await file.close();
    await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
}

async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await syncFolder(dirname(made));
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
