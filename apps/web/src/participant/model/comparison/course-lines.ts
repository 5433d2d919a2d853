import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import type { CoursePoint } from './own-training.ts';

export interface CourseLines {
  /** Rounds, from 0 on; those of the own model may lie between them. */
  readonly x: readonly number[];
  readonly shared: readonly (number | null)[];
  readonly own: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

/** Three courses over common rounds. A model trained alone is as far as the shared one of round r after r · `epochs` passes. */
export function courseLines(
  shared: readonly { readonly round: number; readonly accuracy: number }[],
  own: readonly CoursePoint[],
  epochs: number,
  initial: RunSummary['initial'],
  versions: readonly PublishedRound[],
): CourseLines {
  const sharedAt = new Map(shared.map(({ round, accuracy }) => [round, accuracy]));
  const ownAt = new Map(own.map(({ passes, accuracy }) => [passes / epochs, accuracy]));
  const testAt = new Map([
    [0, initial.testAccuracy] as const,
    ...versions.map(({ round, testAccuracy }) => [round, testAccuracy] as const),
  ]);
  const x = [...new Set([...sharedAt.keys(), ...ownAt.keys(), ...testAt.keys()])].sort((a, b) => a - b);
  const along = (values: ReadonlyMap<number, number>) => x.map((round) => values.get(round) ?? null);
  return { x, shared: along(sharedAt), own: along(ownAt), test: along(testAt) };
}
