import { createRandom, mixSeed, type Random, shuffledIndices } from './random.ts';
import { dealShards } from './shard.ts';
import { TrainingError } from './training-error.ts';

/**
 * How the examples of one task come to be spread over many simulated participants.
 *
 * `iid`: each a random part, all of one size.
 * `shards`: sorted by class, cut into `each` · count runs of neighbours, and each is dealt `each` of them, so that with 2 most see only
 * two classes (McMahan et al. 2017, "Communication-efficient learning", section 3: 200 shards of 300 digits for 100 clients).
 * `dirichlet`: each has a mix of classes of its own, q ~ Dir(α·K·p) where p is the mix of all examples over the K classes, and as many
 * examples as anybody: for classes of one size Dir(α, …, α). The smaller α, the fewer classes; α → ∞ is `iid` (Hsu, Qi & Brown 2019,
 * arXiv:1909.06335, whose α is K times this one).
 */
export type Partition =
  | { readonly kind: 'iid' }
  | { readonly kind: 'shards'; readonly each: number }
  | { readonly kind: 'dirichlet'; readonly alpha: number };

/**
 * The examples of each of `count` participants, as their indices. No example is dealt twice; `iid` and `shards` deal all of them,
 * `dirichlet` ⌊n/count⌋ to each.
 * @throws TrainingError `bad_dataset` when there are too few examples for so many
 */
export function partitionIndices(
  labels: Int32Array,
  count: number,
  partition: Partition,
  seed: number,
): Uint32Array<ArrayBuffer>[] {
  if (count > labels.length)
    throw new TrainingError(
      'bad_dataset',
      `There are ${labels.length} examples and ${count} participants: each needs at least one. Use fewer participants.`,
    );
  if (partition.kind === 'dirichlet') return dealMixtures(labels, count, partition.alpha, seed);
  const shards =
    partition.kind === 'iid' ? { by: 'iid' as const, runs: 1 } : { by: 'label' as const, runs: partition.each };
  return Array.from({ length: count }, (_, index) => index).map(dealShards(labels, { count, ...shards }, seed));
}

function dealMixtures(labels: Int32Array, count: number, alpha: number, seed: number): Uint32Array<ArrayBuffer>[] {
  const size = Math.floor(labels.length / count);
  const decks = new Map<number, number[]>();
  for (const index of shuffledIndices(labels.length, createRandom(mixSeed(seed, 0)))) {
    const deck = decks.get(labels[index]!);
    if (deck) deck.push(index);
    else decks.set(labels[index]!, [index]);
  }
  const classes = [...decks.entries()].sort(([a], [b]) => a - b).map(([, deck]) => deck);
  const concentrations = classes.map((deck) => (alpha * classes.length * deck.length) / labels.length);
  return Array.from({ length: count }, (_, participant) => {
    const random = createRandom(mixSeed(seed, 1 + participant));
    const mixture = drawDirichlet(concentrations, random);
    return Uint32Array.from({ length: size }, () => classes[drawClass(mixture, classes, random)]!.pop()!);
  });
}

/** A class by its share of the mixture, among those that are not dealt out yet; by what is left of each where the mixture names none. */
function drawClass(mixture: readonly number[], classes: readonly (readonly number[])[], random: Random): number {
  let weights = classes.map((deck, i) => (deck.length > 0 ? mixture[i]! : 0));
  if (!weights.some((weight) => weight > 0)) weights = classes.map((deck) => deck.length);
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  let last = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = i;
    rest -= weight;
    if (rest < 0) break;
  }
  return last;
}

/** q ~ Dir(a) as independent Gamma(a_i, 1) over their sum, taken in logarithms: for small a all of them are tiny. */
function drawDirichlet(concentrations: readonly number[], random: Random): number[] {
  const logs = concentrations.map((a) => drawLogGamma(a, random));
  const most = Math.max(...logs);
  const parts = logs.map((log) => Math.exp(log - most));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

/** log of Gamma(a, 1) (Marsaglia & Tsang 2000; for a < 1 by Gamma(a) = Gamma(a + 1)·U^(1/a)). */
function drawLogGamma(a: number, random: Random): number {
  if (a < 1) return drawLogGamma(a + 1, random) + Math.log(1 - random()) / a;
  const d = a - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/** A standard normal number (Box & Muller 1958). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
