import type { Dataset } from '@sotto/learner/dataset';
import { bytesOf, type ImageSize } from '@sotto/learner/intake/pictures/pixels';
import type { Pictures } from '@sotto/learner/intake/pictures/reading';
import { scaleOf, type TaskManifest } from '@sotto/protocol/task';

/** Pictures of one's own in the task's size, with what each shows. */
export interface Album {
  /** As they came, one after another. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly labels: readonly number[];
  readonly names: readonly string[];
  /** Light and dark change places before the model sees them. */
  readonly turned: boolean;
}

export const EMPTY_ALBUM: Album = { pixels: new Uint8Array(), labels: [], names: [], turned: false };

export function addPictures(album: Album, { pixels, labels, names }: Pictures): Album {
  const all = new Uint8Array(album.pixels.length + pixels.length);
  all.set(album.pixels);
  all.set(pixels, album.pixels.length);
  return { ...album, pixels: all, labels: album.labels.concat(labels), names: album.names.concat(names) };
}

export function removePictures(album: Album, places: ReadonlySet<number>, image: ImageSize): Album {
  const size = bytesOf(image);
  const kept = [...album.labels.keys()].filter((i) => !places.has(i));
  const pixels = new Uint8Array(kept.length * size);
  for (const [at, i] of kept.entries()) pixels.set(album.pixels.subarray(i * size, (i + 1) * size), at * size);
  return { ...album, pixels, labels: kept.map((i) => album.labels[i]!), names: kept.map((i) => album.names[i]!) };
}

export function relabelPictures(album: Album, places: ReadonlySet<number>, label: number): Album {
  return { ...album, labels: album.labels.map((old, i) => (places.has(i) ? label : old)) };
}

/** The pictures as the learner takes them, scaled like the task's own; null without any. */
export function albumDataset({ pixels, labels, turned }: Album, task: TaskManifest): Dataset | null {
  if (labels.length === 0) return null;
  return {
    inputs: turned ? turn(pixels) : pixels,
    shape: task.input.shape,
    scale: scaleOf(task),
    labels: Int32Array.from(labels),
  };
}

/** A plain loop: `map` takes seven times as long, which for 20,000 pictures holds up the page. */
function turn(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) turned[at] = 255 - pixels[at]!;
  return turned;
}
