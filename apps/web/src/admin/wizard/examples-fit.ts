import type { TaskInput, TaskManifest } from '@sotto/protocol/task';

/** What a task made of examples when they were brought. */
export type ExamplesOf = Pick<TaskManifest, 'classes' | 'input'>;

/**
 * Whether examples that were brought for the one mean the same in the other: they are kept as the numbers that the model sees. Names of
 * columns' titles, units and bounds do not matter, nor does what a class is called, as long as none has changed its place.
 */
export function stillFit(brought: ExamplesOf, now: ExamplesOf): boolean {
  const moved = brought.classes.some((name, i) => now.classes.includes(name) && now.classes[i] !== name);
  return !moved && now.classes.length >= brought.classes.length && encodingOf(brought.input) === encodingOf(now.input);
}

function encodingOf({ shape, image, columns, text }: TaskInput): string {
  return JSON.stringify([
    shape,
    image && [image.width, image.height, image.channels],
    columns?.map((column) => (column.type === 'number' ? [column.mean, column.deviation] : column.values)),
    text && [text.buckets, text.pairs, text.maxCharacters],
  ]);
}
