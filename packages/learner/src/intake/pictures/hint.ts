import { type Fault, fault } from '../fault.ts';
import { cropOf, type ImageSize } from './pixels.ts';

/** Values of a channel that differ no more look alike. */
const ALIKE = 2;
/** Of a photo, more than half is used even for square pictures. */
const LEAST_SHARE = 1 / 3;

/** What a person may want to look at in a picture that can be used, and is; null: nothing. */
export function pictureHint(
  file: string,
  { width, height }: { readonly width: number; readonly height: number },
  pixels: Uint8Array,
  image: ImageSize,
): Fault | null {
  if (isPlain(pixels, image.channels)) return fault('picture_plain', { file });
  const crop = cropOf(width, height, image);
  const share = (crop.width * crop.height) / (width * height);
  return share < LEAST_SHARE ? fault('picture_strip', { file, share: Math.max(1, Math.round(100 * share)) }) : null;
}

function isPlain(pixels: Uint8Array, channels: number): boolean {
  for (let channel = 0; channel < channels; channel++) {
    let least = 255;
    let most = 0;
    for (let at = channel; at < pixels.length; at += channels) {
      least = Math.min(least, pixels[at]!);
      most = Math.max(most, pixels[at]!);
    }
    if (most - least > ALIKE) return false;
  }
  return true;
}
