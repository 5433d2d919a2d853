import type { Words } from '../../../words/words.ts';

export interface RankedClass {
  readonly place: number;
  readonly name: string;
  readonly share: number;
}

/** Classes with their shares, the largest first. */
export function rankClasses(shares: readonly number[], names: readonly string[]): readonly RankedClass[] {
  return shares
    .map((share, place) => ({ place, name: names[place] ?? '', share }))
    .sort((a, b) => b.share - a.share || a.place - b.place);
}

/** Whole per cent; what is almost certain is not called certain. */
export function wordShare(t: Words<'model'>, share: number): string {
  if (share > 0.995) return t('answer.above');
  if (share < 0.005) return t('answer.below');
  return t('answer.percent', { percent: Math.round(100 * share) });
}

/** Below this the model has no favourite worth naming alone. */
const FAVOURITE = 0.5;

/** “7 · 97 %”, or between which two it hesitates. */
export function wordAnswer(t: Words<'model'>, shares: readonly number[], names: readonly string[]): string {
  const [first, second] = rankClasses(shares, names);
  if (!first) return '';
  if (first.share >= FAVOURITE || !second)
    return t('answer.sure', { name: first.name, share: wordShare(t, first.share) });
  return t('answer.unsure', {
    first: first.name,
    firstShare: wordShare(t, first.share),
    second: second.name,
    secondShare: wordShare(t, second.share),
  });
}
