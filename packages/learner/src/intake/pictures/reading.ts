import { collectFaults, type Fault, type Faults, fault } from '../fault.ts';
import { listClasses } from './classes.ts';
import { bytesOf, type ImageSize } from './pixels.ts';

export interface PictureFile {
  /** With the folders it lay in. */
  readonly path: string;
  readonly file: Blob;
  /** What it shows; null: nobody said so. */
  readonly label: number | null;
}

export interface PictureTask {
  readonly image: ImageSize;
  readonly classes: readonly string[];
}

/** Pictures in the task's size, one after another, with what each shows and where it came from. */
export interface Pictures {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly labels: readonly number[];
  readonly names: readonly string[];
}

export interface PictureBatch extends Pictures {
  readonly faults: Faults;
  /** Of pictures that are among them, and that the person may want to look at. */
  readonly hints: Faults;
  /** Places, within the batch, of pictures that nobody says the class of. They are no fault yet: somebody may still say. */
  readonly unlabelled: readonly number[];
}

export interface DecodedPicture {
  readonly pixels: Uint8Array;
  /** What the person may want to look at, though it can be used. */
  readonly hint: Fault | null;
}

/** What can be told of a picture without decoding it. */
export type InspectPicture = (path: string, file: Blob, image: ImageSize) => Promise<Fault | null>;

export type DecodePicture = (path: string, file: Blob, image: ImageSize) => Promise<DecodedPicture | Fault>;

/** While one is decoded, others are fetched from the disk. */
const AT_ONCE = 4;

/** Reads some files, a few at a time, and keeps their order. */
export async function readPictures(
  files: readonly PictureFile[],
  { image }: PictureTask,
  decode: DecodePicture,
  inspect: InspectPicture,
): Promise<PictureBatch> {
  const results: (DecodedPicture | Fault | null)[] = [];
  const waiting = files.entries();
  // All take from one iterator, so that each file is read once.
  const lane = async () => {
    // Nobody should be asked what a file shows that cannot be used anyway.
    for (const [i, { path, file, label }] of waiting)
      results[i] = await (label === null ? inspect(path, file, image) : decode(path, file, image));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  const good: number[] = [];
  const unlabelled: number[] = [];
  const faults = collectFaults();
  const hints = collectFaults();
  const size = bytesOf(image);
  const pixels = new Uint8Array(files.length * size);
  for (const i of files.keys()) {
    const result = results[i]!;
    if (result === null) unlabelled.push(i);
    else if ('code' in result) faults.add(result);
    else {
      pixels.set(result.pixels, good.length * size);
      good.push(i);
      if (result.hint) hints.add(result.hint);
    }
  }
  return {
    pixels: pixels.slice(0, good.length * size),
    labels: good.map((i) => files[i]!.label!),
    names: good.map((i) => files[i]!.path),
    faults: faults.faults(),
    hints: hints.faults(),
    unlabelled,
  };
}

/** Of pictures of which nobody says what they show. */
export function unlabelledFaults(files: readonly PictureFile[], classes: readonly string[]): Faults {
  const listed = listClasses(classes);
  const faults = collectFaults();
  for (const { path } of files) faults.add(fault('picture_class', { file: path, classes: listed }));
  return faults.faults();
}
