import { createHash } from 'node:crypto';
import { groupAlike } from './duplicates.ts';

export interface Example {
  readonly text: string;
  readonly label: string;
}

/** Of each group of near duplicates the first; none where they disagree about the label. */
export function withoutDuplicates(examples: readonly Example[]): Example[] {
  return groupAlike(examples.map(({ text }) => text)).flatMap((group) => {
    const labels = new Set(group.map((i) => examples[i]!.label));
    return labels.size === 1 ? [examples[group[0]!]!] : [];
  });
}

/**
 * The same share of each label in both parts. Which part a text belongs to, and its place there, follow from its digest, so the split
 * stays nearly the same when examples come or go.
 */
export function split(examples: readonly Example[], testShare: number): { train: Example[]; test: Example[] } {
  const byDigest = examples
    .map((example) => ({ example, digest: createHash('sha256').update(example.text).digest('hex') }))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const test = new Set<Example>();
  for (const group of Map.groupBy(byDigest, ({ example }) => example.label).values())
    for (const { example } of group.slice(0, Math.round(testShare * group.length))) test.add(example);
  const ordered = byDigest.map(({ example }) => example);
  return {
    train: ordered.filter((example) => !test.has(example)),
    test: ordered.filter((example) => test.has(example)),
  };
}
