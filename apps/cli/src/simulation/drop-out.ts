import { createRandom, mixSeed } from '@sotto/learner/random';

/** While it learns: its update never comes. After its update counts: it is missed on the committee only. */
export type DropOut = 'before-upload' | 'after-upload';

/** Whether and when a participant drops out of a round, as the seed says: half of those that do so before their upload, half after. */
export function dropOutOf(about: {
  readonly seed: number;
  /** Probability that it does. */
  readonly drop: number;
  readonly participant: number;
  readonly round: number;
}): DropOut | null {
  const random = createRandom(mixSeed(mixSeed(about.seed, about.round), about.participant));
  const chance = random();
  if (chance >= about.drop) return null;
  return chance < about.drop / 2 ? 'before-upload' : 'after-upload';
}
