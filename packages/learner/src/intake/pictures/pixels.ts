import type { TaskInput } from '@sotto/protocol/task';

/** As a task says it: width, height, and 1 channel for grey or 3 for red, green, blue. */
export type ImageSize = NonNullable<TaskInput['image']>;

/** Bytes of one picture in the task's size, row-major, channels last. */
export function bytesOf({ width, height, channels }: ImageSize): number {
  return width * height * channels;
}

/** RGBA → the task's channels; grey by Rec. 601 luma. The picture is expected opaque. */
export function pixelsOf(rgba: Uint8ClampedArray, channels: ImageSize['channels']): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array((rgba.length / 4) * channels);
  for (let at = 0; at < rgba.length / 4; at++) {
    const [r, g, b] = [rgba[4 * at]!, rgba[4 * at + 1]!, rgba[4 * at + 2]!];
    if (channels === 1) pixels[at] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else {
      pixels[3 * at] = r;
      pixels[3 * at + 1] = g;
      pixels[3 * at + 2] = b;
    }
  }
  return pixels;
}

/** Where in the picture to cut: its middle, in the task's proportions. */
export function cropOf(
  width: number,
  height: number,
  { width: wide, height: high }: Pick<ImageSize, 'width' | 'height'>,
): { x: number; y: number; width: number; height: number } {
  const scale = Math.min(width / wide, height / high);
  const [w, h] = [wide * scale, high * scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

/**
 * Sizes on the way from a cut of a picture down to the task's: halved for as long as that is not too small. A canvas looks at four pixels
 * to make one, so that a step by more than two would leave some out.
 */
export function halvings(from: Extent, to: Extent): Extent[] {
  const sizes: Extent[] = [];
  let { width, height } = from;
  while (width >= 2 * to.width && height >= 2 * to.height) {
    width /= 2;
    height /= 2;
    sizes.push({ width: Math.ceil(width), height: Math.ceil(height) });
  }
  const last = sizes.at(-1);
  return last?.width === to.width && last.height === to.height ? sizes : [...sizes, { ...to }];
}

const MOST_JUDGED = 1000;

/**
 * Dark strokes on light paper, judged by the rim of most grey pictures; the tasks' own are light on dark.
 * @param pixels  of all the pictures, one after another; of many, some are looked at
 */
export function looksDarkOnLight(pixels: Uint8Array, image: ImageSize): boolean {
  const { width, height, channels } = image;
  const count = pixels.length / bytesOf(image);
  if (channels !== 1 || count === 0) return false;
  const step = Math.ceil(count / MOST_JUDGED);
  let judged = 0;
  let light = 0;
  for (let i = 0; i < count; i += step) {
    judged++;
    const at = i * width * height;
    let sum = 0;
    let seen = 0;
    const look = (x: number, y: number) => {
      sum += pixels[at + y * width + x]!;
      seen++;
    };
    for (let x = 0; x < width; x++) {
      look(x, 0);
      look(x, height - 1);
    }
    for (let y = 1; y < height - 1; y++) {
      look(0, y);
      look(width - 1, y);
    }
    if (sum / seen > 127) light++;
  }
  return light * 2 > judged;
}
