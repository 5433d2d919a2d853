import type { RandomWords } from '../quantise.ts';

/** Uniform 32-bit words, one after the other. */
export interface Words {
  next(): number;
  /** Forgets the words that were drawn: whoever had them could take the noise away again. */
  wipe(): void;
}

/** getRandomValues refuses more at once. */
const BLOCK = 16_384;

export function createWords(random: RandomWords): Words {
  const block = new Uint32Array(BLOCK);
  let at = BLOCK;
  return {
    next() {
      if (at === BLOCK) {
        random(block);
        at = 0;
      }
      return block[at++]!;
    },
    wipe() {
      block.fill(0);
      at = BLOCK;
    },
  };
}
