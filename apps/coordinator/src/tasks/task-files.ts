import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FILE_PART_BYTES, type FilePart, type FileView, MOST_FILE_BYTES } from '@sotto/protocol/admin/tasks';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { FILES, fileBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { DiskRoom } from '../blobs/disk-room.ts';
import type { Store } from '../store/store.ts';
import { createKeyedTurns } from '../turns.ts';

export interface TaskFilesPorts {
  readonly store: Pick<Store, 'keepFile' | 'keptFile' | 'forgetFiles'>;
  readonly blobs: Blobs;
  readonly room: DiskRoom;
  /** Where the blobs lie on this machine. */
  readonly folder: string;
  readonly now: () => number;
}

type Refused = Rejection<'wrong_length' | 'part_out_of_order' | 'wrong_digest' | 'disk_full' | 'too_large'>;

/** Files that tasks are made of, by the SHA-256 of their bytes. */
export interface TaskFiles {
  look(file: string): Promise<FileView>;
  /** One part after another. What was broken off goes on where it stopped, and what is here already is no error. */
  take(file: string, part: FilePart, bytes: Uint8Array): Promise<FileView | Refused>;
  /** A file of our own making. @returns its digest */
  put(bytes: Uint8Array): Promise<string | Refused>;
  /** Undefined when not all of it is here. */
  read(file: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Where a whole file lies on this machine. */
  pathOf(file: string): string;
  /** Removes what was never finished, and what no task has spoken of for a day. Only while nobody uploads. */
  tidy(): Promise<void>;
}

/** Between the upload of a task's files and the revision that speaks of them. */
const FORGOTTEN_MS = 86_400_000;
const READ_AT_ONCE = 4 * 2 ** 20;

/**
 * A file counts as here once its row is written, which is after its bytes were synced and their digest was found right: whenever the
 * process dies, it is here whole or not at all.
 */
export function createTaskFiles({ store, blobs, room, folder, now }: TaskFilesPorts): TaskFiles {
  const inTurn = createKeyedTurns();

  async function look(file: string): Promise<FileView> {
    const received = (await blobs.size(fileBlob(file))) ?? 0;
    return { file, received, whole: received > 0 && (await store.keptFile(file)) };
  }

  async function take(file: string, { from, size }: FilePart, bytes: Uint8Array): Promise<FileView | Refused> {
    const blob = fileBlob(file);
    const length = Math.min(FILE_PART_BYTES, size - from);
    if (length <= 0 || bytes.length !== length)
      return reject(
        'wrong_length',
        `A part has ${FILE_PART_BYTES} bytes, or fewer where it ends the ${size} of the file, not ${bytes.length} at ${from}.`,
      );
    const before = await look(file);
    if (before.whole) return before;
    if (from > before.received)
      return reject(
        'part_out_of_order',
        `${before.received} bytes are here; the next part begins there, not at ${from}.`,
      );
    if (from === 0) {
      const full = await room({ bytes: size, missing: size - before.received, blobs: new Set([blob]) });
      if (full)
        return reject('disk_full', 'The coordinator has no room for this file. Free some of its disk, then go on.');
    }
    let { received } = before;
    if (from + bytes.length > received) received = await blobs.append(blob, bytes.subarray(received - from));
    if (received < size) return { file, received, whole: false };
    if (received > size || (await digestOf(blob, size)) !== file) {
      await blobs.remove(blob);
      return reject(
        'wrong_digest',
        `What came is not the file ${file}: its SHA-256 is another. Send it again from the start.`,
      );
    }
    await store.keepFile(file, now());
    return { file, received, whole: true };
  }

  async function digestOf(blob: string, size: number): Promise<string> {
    const hash = createHash('sha256');
    for (let at = 0; at < size; at += READ_AT_ONCE)
      hash.update((await blobs.readRange(blob, at, Math.min(READ_AT_ONCE, size - at))) ?? new Uint8Array());
    return hash.digest('hex');
  }

  return {
    look,
    take: (file, part, bytes) => inTurn(file, () => take(file, part, bytes)),
    async put(bytes) {
      if (bytes.length > MOST_FILE_BYTES)
        return reject('too_large', `A file of a task has at most ${MOST_FILE_BYTES} bytes, not ${bytes.length}.`);
      const file = createHash('sha256').update(bytes).digest('hex');
      const size = bytes.length;
      return inTurn(file, async () => {
        for (let from = 0; from < size; from += FILE_PART_BYTES) {
          const taken = await take(file, { from, size }, bytes.subarray(from, from + FILE_PART_BYTES));
          if ('rejected' in taken) return taken;
        }
        return file;
      });
    },
    read: async (file) => ((await store.keptFile(file)) ? blobs.read(fileBlob(file)) : undefined),
    pathOf: (file) => join(folder, ...fileBlob(file).split('/')),
    async tidy() {
      const kept = new Set((await store.forgetFiles(Math.max(0, now() - FORGOTTEN_MS))).map(fileBlob));
      for (const blob of await blobs.list(FILES)) if (!kept.has(blob)) await blobs.remove(blob);
    },
  };
}
