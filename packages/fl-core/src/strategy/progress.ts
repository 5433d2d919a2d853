import type { EarlyStopping } from '@sotto/protocol/strategy';

/** How a published model did on held-out data. */
export interface Tested {
  readonly testAccuracy: number;
  readonly testLoss: number;
}

/**
 * Why a run is over before its last round, for people; null while it is not. `tested` begins with the model that the run started from, and
 * goes on with those it published.
 */
export function whyStopEarly(settings: EarlyStopping | null, tested: readonly Tested[]): string | null {
  if (settings === null || roundsWithoutGain(tested, settings) < settings.patience) return null;
  const { metric, patience, minDelta } = settings;
  const [subject, better] = metric === 'accuracy' ? ['Accuracy', 'rise'] : ['The loss', 'fall'];
  const rounds = patience === 1 ? 'the last round' : `the last ${patience} rounds`;
  return `${subject} on held-out data did not ${better}${minDelta > 0 ? ` by more than ${minDelta}` : ''} in ${rounds}: the run is over early.`;
}

/** How many of the last models in a row are no better, by more than `minDelta`, than the best before them. */
function roundsWithoutGain(tested: readonly Tested[], { metric, minDelta }: EarlyStopping): number {
  const score = ({ testAccuracy, testLoss }: Tested) => (metric === 'accuracy' ? testAccuracy : -testLoss);
  let best = Number.NEGATIVE_INFINITY;
  let since = 0;
  for (const [i, one] of tested.entries()) {
    const gained = i === 0 || score(one) > best + minDelta;
    since = gained ? 0 : since + 1;
    if (gained) best = score(one);
  }
  return since;
}
