import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { invariant } from '@sotto/protocol/rejection';
import { type Failpoint, writeOf } from '../failpoints.ts';
import { type Blobs, isBlobName } from './blobs.ts';

/** Blobs as files under `folder`: temporary name, fsync, rename, fsync of the folder. */
export function createFileBlobs(folder: string, failpoint?: Failpoint): Blobs {
  const pathOf = (name: string) => {
    invariant(isBlobName(name), `“${name}” is not the name of a blob`);
    return join(folder, name);
  };
  return {
    write: async (name, bytes) =>
      writeDurably(pathOf(name), bytes, { failpoint: (step) => failpoint?.(`${writeOf(name)}:${step}`) }),
    async read(name) {
      const bytes = await unlessMissing(readFile(pathOf(name)));
      return bytes && new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
    },
    async readRange(name, from, length) {
      const file = await unlessMissing(open(pathOf(name), 'r'));
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
    },
    async size(name) {
      const entry = await unlessMissing(stat(pathOf(name)));
      return entry?.isFile() ? entry.size : undefined;
    },
    async append(name, bytes) {
      const path = pathOf(name);
      let file = await unlessMissing(open(path, 'r+'));
      if (!file) {
        await makeFolder(dirname(path));
        file = await open(path, 'a+');
        await syncFolder(dirname(path));
      }
      await using _ = file;
      const { size } = await file.stat();
      await writeAll(file, bytes, size);
      await file.datasync();
      return size + bytes.length;
    },
    async list(name) {
      const entries = await unlessMissing(readdir(pathOf(name), { recursive: true, withFileTypes: true }));
      return (entries ?? [])
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter(isBlobName);
    },
    async remove(name) {
      await rm(pathOf(name), { recursive: true, force: true });
    },
  };
}

/** A file that is there whole or not at all, whenever the power fails. */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  { mode = 0o644, failpoint }: { readonly mode?: number; readonly failpoint?: Failpoint } = {},
): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = `${path}.${randomUUID()}.tmp`;
  {
    await using file = await open(temporary, 'wx', mode);
    await writeAll(file, bytes, 0);
    await file.sync();
  }
  await failpoint?.('temporary');
  await rename(temporary, path);
  await failpoint?.('renamed');
  await syncFolder(dirname(path));
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
