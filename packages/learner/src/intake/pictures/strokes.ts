import type { TaskInput } from '@sotto/protocol/task';

type ImageSize = NonNullable<TaskInput['image']>;

/** In pixels of the picture, from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the pen went between touching the paper and leaving it. */
export type Stroke = readonly Point[];

/** What is drawn fills a box of this share of the picture: 20 × 20 of 28 × 28. */
const BOX = 20 / 28;
/** The pen's width as a share of the shorter side: as thick as the strokes of MNIST are on average. */
const PEN = 2.6 / 28;
/** A dot is not blown up until it fills the box. */
const GREATEST_SCALE = 5;

export function penWidth({ width, height }: ImageSize): number {
  return PEN * Math.min(width, height);
}

/**
 * A drawing as one grey picture, light on dark, made as MNIST's were (LeCun, Cortes, Burges, "The MNIST database of handwritten digits"):
 * scaled, its proportions kept, into a box of 20/28 of the picture, and put with its centre of mass in the middle. The pen is as wide
 * whatever size was drawn; coverage of a pixel = clamp(r + ½ − distance of its middle from the nearest stroke).
 * @returns width · height bytes, row-major; null when nothing is drawn
 */
export function drawnPixels(strokes: readonly Stroke[], image: ImageSize): Uint8Array<ArrayBuffer> | null {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const pen = penWidth(image);
  const from = boundsOf(points);
  const scale = Math.min(
    GREATEST_SCALE,
    (BOX * image.width - pen) / (from.right - from.left),
    (BOX * image.height - pen) / (from.bottom - from.top),
  );
  const scaled = strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: (x - from.left) * scale + pen, y: (y - from.top) * scale + pen })),
  );
  const mass = centreOfMass(rasterise(scaled, image, pen), image);
  const { left, top, right, bottom } = boundsOf(scaled.flat());
  // The centre of mass must not push an end of the drawing out of the picture.
  const shift = (wanted: number, least: number, most: number) => Math.min(Math.max(wanted, least), most);
  const dx = shift(image.width / 2 - mass.x, pen / 2 - left, image.width - pen / 2 - right);
  const dy = shift(image.height / 2 - mass.y, pen / 2 - top, image.height - pen / 2 - bottom);
  return rasterise(
    scaled.map((stroke) => stroke.map(({ x, y }) => ({ x: x + dx, y: y + dy }))),
    image,
    pen,
  );
}

function boundsOf(points: Stroke): { left: number; top: number; right: number; bottom: number } {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}

function rasterise(strokes: readonly Stroke[], { width, height }: ImageSize, pen: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(width * height);
  const reach = pen / 2 + 0.5;
  for (const stroke of strokes)
    for (const [i, to] of stroke.entries()) {
      const from = stroke[i - 1] ?? to;
      const last = {
        x: Math.min(width, Math.max(from.x, to.x) + reach),
        y: Math.min(height, Math.max(from.y, to.y) + reach),
      };
      for (let y = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach)); y < last.y; y++)
        for (let x = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach)); x < last.x; x++) {
          const coverage = reach - distanceTo(from, to, x + 0.5, y + 0.5);
          const at = y * width + x;
          if (coverage > 0) pixels[at] = Math.max(pixels[at]!, Math.round(255 * Math.min(1, coverage)));
        }
    }
  return pixels;
}

/** Of (x, y) from the segment between two points. */
function distanceTo(from: Point, to: Point, x: number, y: number): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}

function centreOfMass(pixels: Uint8Array, { width, height }: ImageSize): Point {
  let [mass, x, y] = [0, 0, 0];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const value = pixels[row * width + column]!;
      mass += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
    }
  return mass === 0 ? { x: width / 2, y: height / 2 } : { x: x / mass, y: y / mass };
}
