import * as Comlink from 'comlink';
import { type Fault, fault } from '../fault.ts';
import { MOST_BYTES } from './checks.ts';
import { decodePicture, scalePicture } from './decoding.browser.ts';
import { type Labelling, type LabelMapping, labelPictures } from './label-table.ts';
import type { ImageSize } from './pixels.ts';
import { type PictureBatch, type PictureFile, type PictureTask, readPictures } from './reading.ts';

/** The part of the intake's worker that pictures need. */
export interface PictureService {
  read(files: readonly PictureFile[], task: PictureTask): Promise<PictureBatch>;
  label(
    table: { readonly path: string; readonly file: Blob },
    paths: readonly string[],
    classes: readonly string[],
    asked: LabelMapping | null,
  ): Promise<Labelling | Fault>;
  /** The middle of a camera's frame; the bitmap is closed. */
  scale(frame: ImageBitmap, image: ImageSize): Promise<Uint8Array>;
}

export const pictureService: PictureService = {
  async read(files, task) {
    const batch = await readPictures(files, task, decodePicture);
    return Comlink.transfer(batch, [batch.pixels.buffer]);
  },
  async label({ path, file }, paths, classes, asked) {
    if (file.size > MOST_BYTES) return fault('picture_heavy', { file: path, most: MOST_BYTES / 1e6 });
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      return fault('not_utf8', { file: path });
    }
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
