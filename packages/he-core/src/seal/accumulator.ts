import type { Ciphertext } from 'node-seal/allows';
import type { ProfileName } from '../params.ts';
import { type Block, createBlock, loadBlock, openContext, saveWords } from './context.ts';
import { guard } from './module.ts';

/** Running sums of blocks of polynomials in the coefficient domain, by SEAL's `Evaluator.add`. */
export interface Accumulator extends Disposable {
  /** The block to fill before `add`; the next call of `block` may give the same memory. */
  block(index: number): Block;
  add(index: number, block: Block): void;
  /** Overwrites the block of `block(index)` with the canonical residues (< q) of sum `index`, and returns it. */
  read(index: number): Block;
}

/** `sizes[i]` polynomials in block i; all sums start at zero. */
export async function createAccumulator(profile: ProfileName, sizes: readonly number[]): Promise<Accumulator> {
  const context = await openContext(profile);
  const { seal, evaluator } = context;
  const blocks = new Map(sizes.map((size) => [size, createBlock(context, size, 'coefficients')]));
  const blockOf = (index: number) => blocks.get(sizes[index]!)!;
  const incoming = new seal.Ciphertext();
  const sums: Ciphertext[] = guard('allocate a sum', () =>
    sizes.map((_, index) => {
      const sum = new seal.Ciphertext();
      loadBlock(context, blockOf(index), sum);
      return sum;
    }),
  );
  return {
    block: blockOf,
    add: (index, block) =>
      guard('add ciphertexts', () => {
        loadBlock(context, block, incoming);
        evaluator.addInplace(sums[index]!, incoming);
      }),
    read: (index) =>
      guard('read a sum', () => {
        saveWords(context, sums[index]!, blockOf(index).words);
        return blockOf(index);
      }),
    [Symbol.dispose]() {
      incoming.delete();
      for (const sum of sums) sum.delete();
    },
  };
}
