/** How examples spread over the classes, and what of it will show in what is learned. */
export interface ClassBalance {
  readonly counts: readonly number[];
  /** Classes without any example. */
  readonly empty: readonly number[];
  /** Classes with some, but too few to learn from and to keep some aside. */
  readonly few: readonly number[];
  /** The most and the least frequent, where one outweighs the other. */
  readonly uneven: { readonly most: number; readonly least: number } | null;
}

/** Fewer are not split into a part to learn from and one to check on. */
export const LEAST_EXAMPLES = 5;
const OUTWEIGHS = 10;

export function classBalance(labels: Int32Array, classes: number): ClassBalance {
  const counts = Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  const places = [...counts.keys()];
  const present = places.filter((i) => counts[i]! > 0);
  const byCount = [...present].sort((a, b) => counts[b]! - counts[a]!);
  const [most, least] = [byCount[0], byCount.at(-1)];
  const uneven = most !== undefined && least !== undefined && counts[most]! >= OUTWEIGHS * counts[least]!;
  return {
    counts,
    empty: places.filter((i) => counts[i] === 0),
    few: present.filter((i) => counts[i]! < LEAST_EXAMPLES),
    uneven: uneven ? { most, least } : null,
  };
}
