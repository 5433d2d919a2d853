import type { Dataset } from '@sotto/learner/dataset';
import type { TaskInput, TaskManifest } from '@sotto/protocol/task';

type ImageSize = NonNullable<TaskInput['image']>;

/** One picture in the task's size: width · height · channels bytes, row-major. */
export interface ImageExample {
  readonly name: string;
  readonly label: number;
  readonly pixels: Uint8Array;
}

/** RGBA → the task's channels; grey by Rec. 601 luma. The picture is expected opaque. */
export function pixelsOf(rgba: Uint8ClampedArray, channels: ImageSize['channels']): Uint8Array {
  const pixels = new Uint8Array((rgba.length / 4) * channels);
  for (let at = 0; at < rgba.length / 4; at++) {
    const [r, g, b] = [rgba[4 * at]!, rgba[4 * at + 1]!, rgba[4 * at + 2]!];
    if (channels === 1) pixels[at] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else pixels.set([r, g, b], 3 * at);
  }
  return pixels;
}

/** Where in the picture to cut: its middle, in the task's proportions. */
export function cropOf(
  width: number,
  height: number,
  { width: wide, height: high }: ImageSize,
): { x: number; y: number; width: number; height: number } {
  const scale = Math.min(width / wide, height / high);
  const [w, h] = [wide * scale, high * scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}

/** Dark strokes on light paper, judged by the rim of most grey pictures; the tasks' own are light on dark. */
export function looksDarkOnLight(examples: readonly ImageExample[], { width, height, channels }: ImageSize): boolean {
  if (channels !== 1 || examples.length === 0) return false;
  const light = examples.filter(({ pixels }) => {
    let sum = 0;
    let count = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
          sum += pixels[y * width + x]!;
          count++;
        }
    return sum / count > 127;
  });
  return light.length * 2 > examples.length;
}

/** The examples as the learner takes them, scaled like the task's own data. */
export function datasetOfImages(examples: readonly ImageExample[], task: TaskManifest, invert: boolean): Dataset {
  const size = task.input.shape.reduce((product, side) => product * side, 1);
  const inputs = new Uint8Array(examples.length * size);
  examples.forEach(({ pixels }, i) => {
    inputs.set(invert ? pixels.map((value) => 255 - value) : pixels, i * size);
  });
  return {
    inputs,
    shape: task.input.shape,
    scale: task.data.format === 'idx' ? task.data.scale : 1 / 255,
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
