import * as Comlink from 'comlink';
import { collectFaults, type Fault, type Faults, fault, joinFaults } from '../fault.ts';
import type { AskIntake } from '../worker/ask.browser.ts';
import { classesOfPaths } from './classes.ts';
import type { Labelling } from './label-table.ts';
import { bytesOf } from './pixels.ts';
import type { PictureBatch, PictureFile, Pictures, PictureTask } from './reading.ts';
import type { PictureService } from './service.browser.ts';

export interface ReadPictures extends Pictures {
  readonly faults: Faults;
  readonly hints: Faults;
  /** Those of which nobody says what they show. */
  readonly unlabelled: readonly PictureFile[];
  /** So many were left when it was stopped. */
  readonly unread: number;
}

interface Reading {
  /** So many pictures still fit. */
  readonly room: number;
  readonly onProgress: (done: number, total: number) => void;
  /** Ends the reading; what was read until then is kept. */
  readonly signal: AbortSignal;
}

/** The page's way to pictures. Every promise rejects with a TrainingError when the worker ends. */
export interface PictureIntake extends Pick<PictureService, 'label' | 'scale'> {
  /** Where nobody said what a picture shows, its path does (see `classesOfPaths`). */
  read(files: readonly PictureFile[], task: PictureTask, reading: Reading): Promise<ReadPictures>;
}

export function createPictureIntake(ask: AskIntake): PictureIntake {
  return {
    read: (files, task, reading) =>
      readAllPictures(
        files,
        task,
        (some) => ask(({ pictures }) => pictures.read(some, task) as Promise<PictureBatch>),
        reading,
      ),
    label: (table, paths, classes, asked) =>
      ask(({ pictures }) => pictures.label(table, paths, classes, asked) as Promise<Labelling | Fault>),
    scale: (frame, image) =>
      ask(({ pictures }) => pictures.scale(Comlink.transfer(frame, [frame]), image) as Promise<Uint8Array>),
  };
}

/** Handing a file over takes the page longer than anything else it does here: so many at a time do not hold up a frame. */
const BATCH = 16;
/** The worker has the next at hand while the page takes the last. */
const AT_ONCE = 3;

/** How many pictures the page's memory may be expected to hold: each is there twice while some are added. */
export function mostPictures(bytesEach: number): number {
  return Math.floor(400e6 / bytesEach);
}

/** Has the worker read any number of files, batch by batch. */
export async function readAllPictures(
  brought: readonly PictureFile[],
  task: PictureTask,
  read: (files: readonly PictureFile[], task: PictureTask) => Promise<PictureBatch>,
  { room, onProgress, signal }: Reading,
): Promise<ReadPictures> {
  const byPath = classesOfPaths(
    brought.map(({ path }) => path),
    task.classes,
  );
  const files = brought.map((file, i) => ({ ...file, label: file.label ?? byPath[i]! }));
  const results: { files: readonly PictureFile[]; batch: PictureBatch }[] = [];
  let next = 0;
  let done = 0;
  let used = 0;
  const lane = async () => {
    while (next < files.length && used < room && !signal.aborted) {
      const place = next / BATCH;
      const some = files.slice(next, next + BATCH);
      next += BATCH;
      const batch = await read(some, task);
      results[place] = { files: some, batch };
      used += batch.labels.length;
      done += some.length;
      onProgress(done, files.length);
    }
  };
  onProgress(0, files.length);
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  const batches = results.map(({ batch }) => batch);
  const labels = batches.flatMap((batch) => batch.labels);
  const names = batches.flatMap((batch) => batch.names);
  const kept = Math.min(labels.length, room);
  const full = collectFaults();
  if (!signal.aborted)
    for (const file of [...names.slice(kept), ...files.slice(next).map(({ path }) => path)])
      full.add(fault('pictures_full', { file, most: mostPictures(bytesOf(task.image)) }));
  return {
    pixels: joinBytes(batches.map(({ pixels }) => pixels)).subarray(0, kept * bytesOf(task.image)),
    labels: labels.slice(0, kept),
    names: names.slice(0, kept),
    faults: joinFaults(...batches.map(({ faults }) => faults), full.faults()),
    hints: joinFaults(...batches.map(({ hints }) => hints)),
    unlabelled: results.flatMap(({ files: some, batch }) => batch.unlabelled.map((i) => some[i]!)),
    unread: signal.aborted ? files.length - done : 0,
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
