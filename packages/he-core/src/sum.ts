import { spansOf } from './blocks.ts';
import { createPacked, layout, sentOf, unpackWords, verifyPacked } from './codec.ts';
import { N, PROFILES, type ProfileName } from './params.ts';
import type { Rejection } from './rejection.ts';
import { createAccumulator } from './seal/accumulator.ts';

const TWO_32 = 2 ** 32;

export interface Sum extends Disposable {
  /** Adds one packed ciphertext; a rejected one leaves the sum untouched. */
  add(packed: Uint8Array): Rejection | undefined;
  /** The packed sum, canonical residues < q. The sum may go on afterwards. */
  finish(): Uint8Array<ArrayBuffer>;
}

/**
 * Homomorphic sum Σ c_j mod q of packed ciphertexts of `coefficients` messages, by SEAL's `Evaluator.add`. Memory is one
 * model, however many contribute. Holds WASM memory: dispose of it.
 */
export async function createSum(options: { profile: ProfileName; coefficients: number }): Promise<Sum> {
  const { q } = PROFILES[options.profile];
  const shape = layout(options.coefficients);
  const spans = spansOf(shape.polynomials);
  const sums = await createAccumulator(
    options.profile,
    spans.map(({ count }) => count),
  );
  return {
    add(packed) {
      const refused = verifyPacked(packed, options.coefficients, q);
      if (refused) return refused;
      for (const [index, { first, count }] of spans.entries()) {
        const block = sums.block(index);
        const residues = Math.min(count * N, shape.sent - first * N);
        unpackWords(packed, first * N, residues, block.words);
        block.words.fill(0, 2 * residues);
        sums.add(index, block);
      }
      return undefined;
    },
    finish() {
      const packed = createPacked(shape.sent);
      for (const [index, { first, count }] of spans.entries()) {
        const { words } = sums.read(index);
        for (let p = 0; p < count; p++) {
          const residues = new Float64Array(sentOf(shape, first + p));
          for (let i = 0, w = 2 * p * N; i < residues.length; i++, w += 2) {
            residues[i] = words[w + 1]! * TWO_32 + words[w]!;
          }
          packed.write((first + p) * N, residues);
        }
      }
      return packed.finish();
    },
    [Symbol.dispose]: () => sums[Symbol.dispose](),
  };
}
