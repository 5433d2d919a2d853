import { l2Norm } from '@sotto/fl-core/clip';
import type { LocalResult } from '@sotto/fl-core/update-codec';
import type { Dataset } from '@sotto/learner/dataset';
import { drawNormal } from '@sotto/learner/partition';
import { createRandom, mixSeed, shuffledIndices } from '@sotto/learner/random';

/**
 * What a malicious participant does that otherwise follows the protocol.
 *
 * `sign-flip`: sends −f·δ instead of its δ. `scale`: sends f·δ (model replacement, Bagdasaryan et al. 2020). `random`: sends a normal
 * vector of norm f·‖δ‖₂. `label-flip`: learns class y as class K − 1 − y. `nan`: sends not-a-number in place of its first weight.
 * What is sent is clipped like every update: the attacker's device runs the same code.
 */
export const ATTACKS = ['sign-flip', 'scale', 'label-flip', 'nan', 'random'] as const;
export type AttackKind = (typeof ATTACKS)[number];

export interface Attack {
  readonly kind: AttackKind;
  /** Share of the participants that attack, 0 … 1. */
  readonly share: number;
  /** f. */
  readonly factor: number;
}

export const DEFAULT_FACTORS: Readonly<Record<AttackKind, number>> = {
  'sign-flip': 1,
  scale: 100,
  'label-flip': 1,
  nan: 1,
  random: 1,
};

/** Who attacks: a share of the participants, rounded, chosen by the seed; the same ones in every round. */
export function attackersOf(participants: number, share: number, seed: number): ReadonlySet<number> {
  const order = shuffledIndices(participants, createRandom(mixSeed(seed, 0xa77ac)));
  return new Set(order.subarray(0, Math.round(share * participants)));
}

/** The examples that an attacker learns from. */
export function poisonData(dataset: Dataset, kind: AttackKind, classes: number): Dataset {
  return kind === 'label-flip' ? { ...dataset, labels: dataset.labels.map((label) => classes - 1 - label) } : dataset;
}

/** What an attacker hands to be sealed instead of what it learned; the same for the same seed. */
export function poisonUpdate<Result extends LocalResult>(
  learned: Result,
  { kind, factor }: Pick<Attack, 'kind' | 'factor'>,
  seed: number,
): Result {
  const { delta } = learned;
  switch (kind) {
    case 'label-flip':
      return learned;
    case 'sign-flip':
      return { ...learned, delta: delta.map((value) => -factor * value) };
    case 'scale':
      return { ...learned, delta: delta.map((value) => factor * value) };
    case 'nan':
      return { ...learned, delta: delta.map((value, i) => (i === 0 ? Number.NaN : value)) };
    case 'random': {
      const random = createRandom(mixSeed(seed, 0xa77ac));
      const direction = delta.map(() => drawNormal(random));
      const scale = (factor * l2Norm(delta)) / l2Norm(direction);
      return { ...learned, delta: direction.map((value) => scale * value) };
    }
  }
}
