import { wordsOf } from './text.ts';

/** So many neighbouring words make a shingle. */
const SHINGLE = 3;
/** Texts whose shingles overlap this much say the same. */
const ALIKE = 0.5;

/**
 * Groups of texts that say the same, directly or by way of others: |A ∩ B| ≥ ½ |A ∪ B| for their sets of three-word shingles
 * (resemblance, Broder 1997). Whoever keeps one of a group has no near duplicates.
 * @returns the indices of each group, ascending; most groups have one.
 */
export function groupAlike(texts: readonly string[]): number[][] {
  const shingles = texts.map(shinglesOf);
  const holders = new Map<string, number[]>();
  const root = texts.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (root[at] !== at) {
      root[at] = root[root[at]!]!;
      at = root[at]!;
    }
    return at;
  };
  for (const [i, own] of shingles.entries()) {
    const shared = new Map<number, number>();
    for (const shingle of own) {
      const earlier = holders.get(shingle);
      if (!earlier) holders.set(shingle, [i]);
      else {
        for (const j of earlier) shared.set(j, (shared.get(j) ?? 0) + 1);
        earlier.push(i);
      }
    }
    for (const [j, count] of shared)
      if (count >= ALIKE * (own.size + shingles[j]!.size - count))
        root[Math.max(find(i), find(j))] = Math.min(find(i), find(j));
  }
  const groups = Map.groupBy(texts.keys(), find);
  return [...groups.values()];
}

function shinglesOf(text: string): Set<string> {
  const words = wordsOf(text);
  if (words.length < SHINGLE) return new Set([words.join(' ')]);
  return new Set(Array.from({ length: words.length - SHINGLE + 1 }, (_, i) => words.slice(i, i + SHINGLE).join(' ')));
}
