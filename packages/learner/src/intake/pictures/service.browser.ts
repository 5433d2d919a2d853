import * as Comlink from 'comlink';
import { codingOf } from '../coding.ts';
import { type Fault, fault } from '../fault.ts';
import { MOST_BYTES } from './checks.ts';
import { decodePicture, inspectPicture, scalePicture } from './decoding.browser.ts';
import { type Labelling, type LabelMapping, labelPictures } from './label-table.ts';
import type { ImageSize } from './pixels.ts';
import { type PictureBatch, type PictureFile, type PictureTask, readPictures } from './reading.ts';

/** The part of the intake's worker that pictures need. */
export interface PictureService {
  read(files: readonly PictureFile[], task: PictureTask): Promise<PictureBatch>;
  /** What the pictures of these paths show, by a CSV table (see `labelPictures`). */
  label(
    table: { readonly path: string; readonly file: Blob },
    paths: readonly string[],
    classes: readonly string[],
    asked: LabelMapping | null,
  ): Promise<Labelling | Fault>;
  /** The middle of a camera's frame in the task's size. The frame is handed over, and closed. */
  scale(frame: ImageBitmap, image: ImageSize): Promise<Uint8Array>;
}

export const pictureService: PictureService = {
  async read(files, task) {
    const batch = await readPictures(files, task, decodePicture, inspectPicture);
    return Comlink.transfer(batch, [batch.pixels.buffer]);
  },
  async label({ path, file }, paths, classes, asked) {
    if (file.size > MOST_BYTES) return fault('picture_heavy', { file: path, most: MOST_BYTES / 1e6 });
    const bytes = new Uint8Array(await file.arrayBuffer());
    const coding = codingOf(bytes, false);
    if (!coding) return fault('not_a_table', { file: path });
    const text = new TextDecoder(coding).decode(bytes);
    const { default: Papa } = await import('papaparse');
    // An empty line at the end would count against the delimiter that Papa guesses.
    return labelPictures(path, Papa.parse<string[]>(text.trimEnd()).data, paths, classes, asked);
  },
  async scale(frame, image) {
    const pixels = scalePicture(frame, image);
    frame.close();
    return Comlink.transfer(pixels, [pixels.buffer]);
  },
};
