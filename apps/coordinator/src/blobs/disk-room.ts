import { statfs } from 'node:fs/promises';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { BLOB_FOLDERS, FILES } from '../aggregation/upload-layout.ts';
import { fileFault } from '../unavailable.ts';
import type { Blobs } from './blobs.ts';

/** Uploads that have been let in, one more included. */
export interface Promised {
  /** Bytes they will have when they are whole. */
  readonly bytes: number;
  /** Bytes of these still to come. */
  readonly missing: number;
  /** Blobs they lie in. */
  readonly blobs: ReadonlySet<string>;
}

/** Undefined when there is room for all that is promised; whoever was let in can end what it began. */
export type DiskRoom = (promised: Promised) => Promise<Rejection<'disk_full'> | undefined>;

/** How the file system stands, bytes. */
export interface Disk {
  readonly free: number;
  readonly size: number;
}

/** Of the disk, so that database and log can go on when the uploads no longer can. */
const KEPT_FREE = 0.1;
const MOST_KEPT_FREE = 10e9;
/** Rounds end and free what they hold. */
const RETRY_MS = 30_000;
/** Adding up every blob is not for each upload. */
const MEASURED_FOR_MS = 5000;

/** @param quota most bytes of blobs; null: as many as leave the disk some room. */
export function createDiskRoom({
  blobs,
  disk,
  quota,
  now,
}: {
  readonly blobs: Pick<Blobs, 'list' | 'size'>;
  readonly disk: () => Promise<Disk>;
  readonly quota: number | null;
  readonly now: () => number;
}): DiskRoom {
  let measured: { readonly at: number; readonly bytes: Promise<number> } | undefined;

  function usedBesides(promised: ReadonlySet<string>): Promise<number> {
    if (!measured || now() - measured.at > MEASURED_FOR_MS) measured = { at: now(), bytes: addUp(blobs, promised) };
    return measured.bytes;
  }

  return async (promised) => {
    if (quota !== null && (await usedBesides(promised.blobs)) + promised.bytes > quota)
      return full('its quota is used up');
    const { free, size } = await disk();
    return free - promised.missing < Math.min(MOST_KEPT_FREE, size * KEPT_FREE)
      ? full('its disk is nearly full')
      : undefined;
  };
}

function full(why: string): Rejection<'disk_full'> {
  return {
    ...reject('disk_full', `The coordinator has no room for another update now: ${why}. It is asked for again later.`),
    retryAfterMs: RETRY_MS,
  };
}

async function addUp(blobs: Pick<Blobs, 'list' | 'size'>, besides: ReadonlySet<string>): Promise<number> {
  let bytes = 0;
  for (const folder of [...BLOB_FOLDERS, FILES])
    for (const name of await blobs.list(folder)) bytes += besides.has(name) ? 0 : ((await blobs.size(name)) ?? 0);
  return bytes;
}

/** @throws Unavailable when the folder cannot be looked at. */
export async function diskOf(folder: string): Promise<Disk> {
  const { bsize, bavail, blocks } = await statfs(folder).catch((error: unknown) => {
    throw fileFault(folder, error);
  });
  return { free: bavail * bsize, size: blocks * bsize };
}
