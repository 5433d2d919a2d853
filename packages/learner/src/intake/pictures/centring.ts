interface Extent {
  readonly width: number;
  readonly height: number;
}

/** As in MNIST: what is drawn fills a box of 20 × 20 of 28 × 28. */
const BOX = 20 / 28;
/** Fainter than this share of the strongest stroke is paper and shadow. */
const FAINTEST = 0.4;
/** Of more than this share of the picture's rim nobody drew on paper: it is a photo of something. */
const LEAST_PAPER = 0.9;

/**
 * A grey picture of something drawn or written, dark on light or light on dark, as the tasks with drawings have theirs (LeCun, Cortes,
 * Burges, "The MNIST database of handwritten digits"): light on dark, cut out, scaled into a box of 20/28, its centre of mass in the
 * middle. Ink is what differs from the rim's median by at least 40 % of the most that anything does.
 * @param pixels  `from.width` · `from.height` bytes, best several times as many as are wanted
 * @returns `to.width` · `to.height` bytes; null when this is no drawing: an uneven rim, or nothing on it
 */
export function centreDrawing(pixels: Uint8Array, from: Extent, to: Extent): Uint8Array<ArrayBuffer> | null {
  const rim = rimOf(from).map((at) => pixels[at]!);
  const paper = rim.sort((a, b) => a - b)[rim.length >> 1]!;
  const ink = Float64Array.from(pixels, (value) => Math.abs(value - paper));
  const most = ink.reduce((a, b) => Math.max(a, b), 0);
  const faintest = FAINTEST * most;
  const isPaper = rim.filter((value) => Math.abs(value - paper) < faintest).length;
  if (most < 32 || isPaper < LEAST_PAPER * rim.length) return null;
  for (const [at, value] of ink.entries()) ink[at] = value < faintest ? 0 : value / most;

  const bounds = boundsOf(ink, from);
  const scale = Math.min((BOX * to.width) / bounds.width, (BOX * to.height) / bounds.height);
  let [mass, x, y] = [0, 0, 0];
  for (const [at, value] of ink.entries()) {
    mass += value;
    x += value * ((at % from.width) + 0.5);
    y += value * (Math.floor(at / from.width) + 0.5);
  }
  // Each pixel of the result is the mean over the part of the picture that it stands for.
  const result = new Uint8Array(to.width * to.height);
  for (let row = 0; row < to.height; row++)
    for (let column = 0; column < to.width; column++) {
      const left = (column - to.width / 2) / scale + x / mass;
      const top = (row - to.height / 2) / scale + y / mass;
      result[row * to.width + column] = Math.round(255 * meanOver(ink, from, left, top, 1 / scale));
    }
  return result;
}

/** Places of the outermost pixels. */
function rimOf({ width, height }: Extent): number[] {
  const places: number[] = [];
  for (let x = 0; x < width; x++) places.push(x, (height - 1) * width + x);
  for (let y = 1; y < height - 1; y++) places.push(y * width, y * width + width - 1);
  return places;
}

function boundsOf(ink: Float64Array, { width }: Extent): Extent {
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
  for (const [at, value] of ink.entries()) {
    if (value === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { width: right - left + 1, height: bottom - top + 1 };
}

/** Over a square, its edges counted in part; outside of the picture there is nothing. */
function meanOver(ink: Float64Array, { width, height }: Extent, left: number, top: number, side: number): number {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + side); y++) {
    const tall = Math.min(y + 1, top + side) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + side); x++)
      sum += ink[y * width + x]! * tall * (Math.min(x + 1, left + side) - Math.max(x, left));
  }
  return sum / (side * side);
}
