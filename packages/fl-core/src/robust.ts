import { InvariantError } from '@sotto/protocol/rejection';
import type { Robust } from '@sotto/protocol/robustness';
import { clipFactor, l2Norm } from './clip.ts';

/**
 * One mean of the opened means of a round's groups, d values each, in L2 norm at most C (`clip`): medians of vectors that are no longer
 * than C may be longer, and no round moves the model by more.
 *
 * Without a rule: Σ w_g·m_g / Σ w_g, with the examples (or contributors) of each group as weights; of one group, its very mean.
 * `median`: of each coordinate by itself; the mean of the middle two of an even number.
 * `trimmed-mean`: of each coordinate the k = min(⌈trim·G⌉, ⌊(G−1)/2⌋) smallest and largest values are left out, and the rest averaged.
 * Both count every group once: how much a group weighs is what its members say, and who misleads would say much.
 *
 * Yin, Chen, Ramchandran and Bartlett 2018, "Byzantine-robust distributed learning: towards optimal statistical rates". Groups where the
 * paper has participants: nobody sees one participant's update here.
 */
export function combineMeans(
  means: readonly Float64Array[],
  weights: readonly number[],
  robust: Pick<Robust, 'rule' | 'trim'> | null,
  clip: number,
): Float64Array {
  const [first] = means;
  if (!first || weights.length !== means.length || means.some(({ length }) => length !== first.length))
    throw new InvariantError('means of groups are of one model, and each has a weight');
  if (means.length === 1) return first;
  const combined = robust === null ? weightedMean(means, weights) : trimmedMean(means, cutOf(robust, means.length));
  const factor = clipFactor(l2Norm(combined), clip);
  return factor === 1 ? combined : combined.map((value) => value * factor);
}

function weightedMean(means: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new InvariantError('groups without weight have no mean');
  const combined = new Float64Array(means[0]!.length);
  for (const [g, mean] of means.entries()) {
    const share = weights[g]! / total;
    for (let i = 0; i < combined.length; i++) combined[i]! += share * mean[i]!;
  }
  return combined;
}

/** Values left out at each end: all but the middle one or two for a median. 0.2 · 15 = 3.0000000000000004 are 3. */
function cutOf({ rule, trim }: Pick<Robust, 'rule' | 'trim'>, count: number): number {
  const most = (count - 1) >> 1;
  return rule === 'median' ? most : Math.min(most, Math.ceil(trim * count - 1e-9));
}

function trimmedMean(means: readonly Float64Array[], cut: number): Float64Array {
  const count = means.length;
  const kept = count - 2 * cut;
  const column = new Float64Array(count);
  return new Float64Array(means[0]!.length).map((_, i) => {
    for (let g = 0; g < count; g++) column[g] = means[g]![i]!;
    column.sort();
    let sum = 0;
    for (let g = cut; g < count - cut; g++) sum += column[g]!;
    return sum / kept;
  });
}
