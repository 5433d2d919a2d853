import { createRandom, type Random } from '@sotto/learner/random';

/** Repeatable choices. */
export interface Chance {
  readonly next: Random;
  /** 0 … below − 1. */
  below(below: number): number;
  pick<T>(among: readonly T[]): T;
  /** True with this probability. */
  is(probability: number): boolean;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

export function createChance(seed: number): Chance {
  const next = createRandom(seed);
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    pick: (among) => among[below(among.length)]!,
    is: (probability) => next() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
