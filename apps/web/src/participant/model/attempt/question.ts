import type { Dataset } from '@sotto/learner/dataset';
import type { ImageSize } from '@sotto/learner/intake/pictures/pixels';
import { scaleOf, type TaskManifest } from '@sotto/protocol/task';

const FINER = 4;

/** What a picture is read as to cut something out of it: several times larger than the task's. */
export function finerSize(image: ImageSize): ImageSize {
  return { ...image, width: FINER * image.width, height: FINER * image.height };
}

/** Dark on light becomes light on dark. */
export function invertPixels(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pixels, (value) => 255 - value);
}

/** One example to ask the model about; its label is unknown, and not looked at. */
export function questionOf(task: TaskManifest, inputs: Dataset['inputs']): Dataset {
  return {
    inputs,
    shape: task.input.shape,
    scale: scaleOf(task),
    labels: new Int32Array(1),
  };
}
