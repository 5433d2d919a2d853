import { ensure } from '../invariant-error.ts';
import { N, PROFILES, type ProfileName } from '../params.ts';
import { type Block, createBlock, loadBlock, loadSigned, openContext, saveWords } from './context.ts';
import { guard } from './module.ts';

const ZEROS = new Int8Array(N);

/** Multiplies polynomials by one fixed small polynomial. Dispose of it: that wipes the polynomial. */
export interface Multiplier extends Disposable {
  /** Replaces each polynomial a of a block, given in the NTT domain, by the coefficients of INTT(a ⊙ NTT(k)). */
  multiply(block: Block): void;
}

/** Products by k ∈ Z^N, |k_i| < t/2, in Z_q[X]/(X^N + 1), through SEAL's NTT. */
export async function createMultiplier(profile: ProfileName, key: ArrayLike<number>): Promise<Multiplier> {
  ensure(key.length === N, `a key has ${N} coefficients, not ${key.length}`);
  const context = await openContext(profile);
  const { seal, evaluator, parmsId } = context;
  const { t } = PROFILES[profile];
  const plain = new seal.Plaintext();
  const transformed = new seal.Plaintext();
  const product = new seal.Ciphertext();
  const setKey = (coefficients: ArrayLike<number>) => {
    loadSigned(context, coefficients, t, plain);
    evaluator.plainTransformToNtt(plain, parmsId, transformed);
  };
  const sizes = new Set<number>();
  guard('transform a key', () => setKey(key));
  return {
    multiply: (block) =>
      guard('multiply polynomials', () => {
        sizes.add(block.polynomials);
        loadBlock(context, block, product);
        evaluator.multiplyPlainInplace(product, transformed);
        evaluator.cipherTransformFromNttInplace(product);
        saveWords(context, product, block.words);
      }),
    [Symbol.dispose]: () =>
      guard('wipe a key', () => {
        // SEAL frees memory without clearing it, and loads into fresh memory before it frees the old: the same steps
        // with zeros, twice, cover both places and the binding's copies of the bytes.
        for (let pass = 0; pass < 2; pass++) {
          setKey(ZEROS);
          for (const size of sizes) {
            const zeros = createBlock(context, size, 'ntt');
            loadBlock(context, zeros, product);
            saveWords(context, product, zeros.words);
          }
        }
        for (const handle of [plain, transformed, product]) handle.delete();
      }),
  };
}
