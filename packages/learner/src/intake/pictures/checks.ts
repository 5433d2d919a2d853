import { type Fault, type FaultCode, fault } from '../fault.ts';
import { type PictureFormat, pictureFormat } from './format.ts';
import type { ImageSize } from './pixels.ts';

/** A file is read as a whole; nobody's photo is larger. */
export const MOST_BYTES = 100e6;
/** Decoded, each takes four bytes. */
const MOST_PIXELS = 64e6;
/** On fewer pixels a side nothing can be seen, unless the task's pictures are as small. */
const LEAST_SIDE = 8;

/** What can be told of a picture before it is decoded: its format, or why it cannot be used. */
export function checkPicture(file: string, bytes: Uint8Array, image: ImageSize): PictureFormat | Fault {
  if (bytes.length === 0) return fault('file_empty', { file });
  const format = pictureFormat(bytes);
  if (!format) return fault(otherKind(bytes), { file });
  const { name, size, animated, whole } = format;
  if (name === 'HEIC') return fault('picture_heic', { file });
  if (name === 'SVG') return fault('picture_svg', { file });
  if (!whole) return fault('picture_cut_short', { file, format: name });
  if (animated) return fault('picture_animated', { file, format: name });
  return (size && pictureSizeFault(file, size, image)) ?? format;
}

/** What people take for a picture, and what to do with it. */
function otherKind(bytes: Uint8Array): FaultCode {
  const begin = String.fromCharCode(...bytes.subarray(0, 4));
  if (begin === 'II*\0' || begin === 'MM\0*') return 'picture_tiff';
  if (begin === '%PDF') return 'picture_pdf';
  return begin === 'PK\x03\x04' ? 'picture_zip' : 'picture_unknown';
}

/** What is wrong with so large a picture; null: nothing. */
export function pictureSizeFault(
  file: string,
  { width, height }: { readonly width: number; readonly height: number },
  image: ImageSize,
): Fault | null {
  if (width * height > MOST_PIXELS) return fault('picture_too_large', { file, width, height, most: MOST_PIXELS / 1e6 });
  const least = Math.min(LEAST_SIDE, image.width, image.height);
  return width < least || height < least ? fault('picture_too_small', { file, width, height, least }) : null;
}
