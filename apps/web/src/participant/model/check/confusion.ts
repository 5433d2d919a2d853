/** confusion[truth][prediction], counts. */
type Confusion = readonly (readonly number[])[];

export interface ClassScore {
  /** Place of the class among the task's. */
  readonly place: number;
  readonly right: number;
  readonly total: number;
}

/** Of each class, how many of its examples were recognised. */
export function classScores(confusion: Confusion): readonly ClassScore[] {
  return confusion.map((row, place) => ({
    place,
    right: row[place] ?? 0,
    total: row.reduce((sum, count) => sum + count, 0),
  }));
}

export interface MixUp {
  readonly truth: number;
  readonly taken: number;
  readonly count: number;
}

/** What was taken for something else, the most frequent first. */
export function mixUps(confusion: Confusion, most: number): readonly MixUp[] {
  return confusion
    .flatMap((row, truth) => row.map((count, taken) => ({ truth, taken, count })))
    .filter(({ truth, taken, count }) => truth !== taken && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

export interface Score {
  readonly correct: number;
  readonly examples: number;
}

/** Of the normal distribution, 97.5 % lie below. */
const Z = 1.96;

/** Within what the share over all examples of the kind lies, most likely: Wilson's 95 % interval (Wilson 1927). */
export function likelyRange({ correct, examples: n }: Score): readonly [least: number, most: number] {
  const share = correct / n;
  const middle = share + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const whole = 1 + (Z * Z) / n;
  return [(middle - half) / whole, (middle + half) / whole];
}

/**
 * Which of two models is better on as many examples each, where the difference is more than chance: |p − q| above its 95 % margin, one
 * right and one wrong answer added to either (Agresti and Caffo 2000). Rather too careful where both saw the same examples.
 */
export function betterOf(first: Score, second: Score): 'first' | 'second' | 'neither' {
  const [p, q] = [first, second].map(({ correct, examples }) => (correct + 1) / (examples + 2)) as [number, number];
  const variance = (share: number, { examples }: Score) => (share * (1 - share)) / (examples + 2);
  if (Math.abs(p - q) <= Z * Math.sqrt(variance(p, first) + variance(q, second))) return 'neither';
  return p > q ? 'first' : 'second';
}
