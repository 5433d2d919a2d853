import { type Fault, fault } from '../fault.ts';
import { checkPicture, MOST_BYTES, pictureSizeFault } from './checks.ts';
import type { PictureFormat } from './format.ts';
import { pictureHint } from './hint.ts';
import { cropOf, halvings, type ImageSize, pixelsOf } from './pixels.ts';
import type { DecodedPicture } from './reading.ts';

/** From here on, one is decoded at a time: the phone's memory holds few of them. */
const LARGE_PIXELS = 8e6;

/** The last of the large pictures under way. */
let large: Promise<unknown> = Promise.resolve();

/** A picture file, turned as its EXIF data say, on white paper, its middle cut out and scaled to the task's size. */
export async function decodePicture(path: string, file: Blob, image: ImageSize): Promise<DecodedPicture | Fault> {
  const opened = await openPicture(path, file, image);
  if ('code' in opened) return opened;
  const { bytes, format } = opened;
  const draw = async () => {
    let bitmap: ImageBitmap;
    try {
      // Of a media type that the bytes bear out, for names may lie.
      const blob = new Blob([bytes], { type: `image/${format.name.toLowerCase()}` });
      bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
    } catch {
      return fault('picture_damaged', { file: path, format: format.name });
    }
    try {
      const tooLarge = pictureSizeFault(path, bitmap, image);
      if (tooLarge) return tooLarge;
      const pixels = scalePicture(bitmap, image);
      return { pixels, hint: pictureHint(path, bitmap, pixels, image) };
    } finally {
      bitmap.close();
    }
  };
  if (!format.size || format.size.width * format.size.height < LARGE_PIXELS) return draw();
  const turn = large.then(draw);
  large = turn.catch(() => {});
  return turn;
}

/** Why a picture file cannot be used, as far as that can be told without decoding it. */
export async function inspectPicture(path: string, file: Blob, image: ImageSize): Promise<Fault | null> {
  const opened = await openPicture(path, file, image);
  return 'code' in opened ? opened : null;
}

async function openPicture(
  path: string,
  file: Blob,
  image: ImageSize,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly format: PictureFormat } | Fault> {
  if (file.size > MOST_BYTES) return fault('picture_heavy', { file: path, most: MOST_BYTES / 1e6 });
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return fault('file_unreadable', { file: path });
  }
  const format = checkPicture(path, bytes, image);
  return 'code' in format ? format : { bytes, format };
}

/** The middle of a decoded picture in the task's size and channels; what is transparent is white. */
export function scalePicture(bitmap: ImageBitmap, image: ImageSize): Uint8Array {
  const { x, y, width, height } = cropOf(bitmap.width, bitmap.height, image);
  let context: OffscreenCanvasRenderingContext2D | undefined;
  for (const size of halvings({ width, height }, image)) {
    const next = new OffscreenCanvas(size.width, size.height).getContext('2d', { willReadFrequently: true })!;
    next.imageSmoothingQuality = 'high';
    if (context) next.drawImage(context.canvas, 0, 0, size.width, size.height);
    else {
      next.fillStyle = '#fff';
      next.fillRect(0, 0, size.width, size.height);
      next.drawImage(bitmap, x, y, width, height, 0, 0, size.width, size.height);
    }
    context = next;
  }
  return pixelsOf(context!.getImageData(0, 0, image.width, image.height).data, image.channels);
}
