import { ensure } from '../invariant-error.ts';
import { N, PROFILES, type ProfileName } from '../params.ts';
import { type Block, loadBlock, loadSigned, openContext, saveWords } from './context.ts';
import { guard } from './module.ts';

/** Multiplies polynomials by one fixed small polynomial. Dispose of it: that wipes the polynomial. */
export interface Multiplier extends Disposable {
  /** Replaces each polynomial a of a block, given in the NTT domain, by the coefficients of INTT(a ⊙ NTT(k)). */
  multiply(block: Block): void;
}

/**
 * Products by k ∈ Z^N, |k_i| < t/2, in Z_q[X]/(X^N + 1), through SEAL's NTT. k is kept in a pool of memory that SEAL
 * clears when it is freed.
 */
export async function createMultiplier(profile: ProfileName, key: ArrayLike<number>): Promise<Multiplier> {
  ensure(key.length === N, `a key has ${N} coefficients, not ${key.length}`);
  const context = await openContext(profile);
  const { seal, evaluator, parmsId } = context;
  const pool = seal.MemoryPoolHandle.New(true);
  const transformed = seal.Plaintext.withPool(pool);
  const product = seal.Ciphertext.withPool(pool);
  guard('transform a key', () => {
    using plain = seal.Plaintext.withPool(pool);
    loadSigned(context, key, PROFILES[profile].t, plain);
    evaluator.plainTransformToNttWithPool(plain, parmsId, transformed, pool);
  });
  return {
    multiply: (block) =>
      guard('multiply polynomials', () => {
        loadBlock(context, block, product);
        evaluator.multiplyPlainInplace(product, transformed);
        evaluator.cipherTransformFromNttInplace(product);
        saveWords(context, product, block.words);
      }),
    [Symbol.dispose]() {
      product.delete();
      transformed.delete();
      pool.delete();
    },
  };
}
