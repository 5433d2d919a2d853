import { expect, test, vi } from 'vitest';
import { expandPolynomial, openCrs } from '../src/crs.ts';
import { sampleNoise } from '../src/noise.ts';
import { N, PROFILES } from '../src/params.ts';
import { createBlock, loadSigned, openContext } from '../src/seal/context.ts';
import { createMultiplier } from '../src/seal/product.ts';
import { createSum } from '../src/sum.ts';
import { encryptUnder } from '../src/update-core.ts';
import { createCommittee, PLAN } from './committee.ts';

/** The WASM memory of the SEAL that this file loads. */
const memories: WebAssembly.Memory[] = [];
const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (
  source: BufferSource,
  imports?: WebAssembly.Imports,
) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
vi.spyOn(WebAssembly, 'instantiate').mockImplementation((async (
  source: BufferSource,
  imports?: WebAssembly.Imports,
) => {
  const loaded = await instantiate(source, imports);
  memories.push(...Object.values(loaded.instance.exports).filter((value) => value instanceof WebAssembly.Memory));
  return loaded;
}) as unknown as typeof WebAssembly.instantiate);

/** Every noise drawn, the first of an update being its key. */
const drawn: { copy: Int8Array; live: Int8Array }[] = [];
vi.mock(import('../src/noise.ts'), async (original) => {
  const { sampleNoise: sample } = await original();
  return {
    sampleNoise(count: number) {
      const live = sample(count);
      drawn.push({ copy: live.slice(), live });
      return live;
    },
  };
});

const PROFILE = 'n774';
const { t } = PROFILES[PROFILE];

test('1,000 encryptions, and sums begun and dropped, leave the WASM memory as large as a few did', async () => {
  const messages = new Float64Array(64);
  const encrypt = () =>
    encryptUnder({ profile: PROFILE, planHash: PLAN, messages, key: sampleNoise(N), errors: sampleNoise });
  const sumOnce = async (packed: Uint8Array) => {
    using sum = await createSum({ profile: PROFILE, coefficients: 64 });
    sum.add(packed);
    return sum.finish();
  };
  for (let i = 0; i < 10; i++) await sumOnce(await encrypt());
  expect(memories).toHaveLength(1);
  const before = memories[0]!.buffer.byteLength;
  for (let i = 0; i < 1_000; i++) await sumOnce(await encrypt());
  expect(memories[0]!.buffer.byteLength).toBe(before);
});

test('a sealed update leaves neither its key nor its errors behind, in our arrays or in the WASM memory', async () => {
  const committee = await createCommittee(PROFILE);
  const messages = new Float64Array(17 * N); // one full SEAL ciphertext and a small one
  drawn.length = 0;
  await committee.seal(0, messages);
  const memory = Buffer.from(memories[0]!.buffer.slice(0));
  const [key, ...errors] = drawn;
  expect(key!.copy.some((k) => k !== 0)).toBe(true);
  for (const { live } of [key!, ...errors]) expect(live.every((value) => value === 0)).toBe(true);
  for (const [name, secret] of Object.entries(await traces(key!.copy))) {
    for (let i = 0; i < N; i += 64) {
      const run = Buffer.from(secret.buffer, secret.byteOffset + 8 * i, 64);
      expect(memory.includes(run), `${name}, coefficients ${i} …`).toBe(false);
    }
  }
});

/** The forms in which SEAL held a key: as coefficients mod t, transformed, and times public polynomials. */
async function traces(key: Int8Array): Promise<Record<string, Uint8Array>> {
  const context = await openContext(PROFILE);
  const { seal, evaluator, parmsId } = context;
  using plain = new seal.Plaintext();
  using transformed = new seal.Plaintext();
  loadSigned(context, key, t, plain);
  evaluator.plainTransformToNtt(plain, parmsId, transformed);
  using multiplier = await createMultiplier(PROFILE, key);
  const productBy = async (j: number) => {
    const block = createBlock(context, 1, 'ntt');
    await expandPolynomial(await openCrs(PLAN), j, PROFILES[PROFILE].q, block.words.subarray(0, 2 * N));
    multiplier.multiply(block);
    return new Uint8Array(block.words.slice(0, 2 * N).buffer);
  };
  return {
    'the key': plain.saveToArray(seal.ComprModeType.none).slice(-8 * N),
    'its transform': transformed.saveToArray(seal.ComprModeType.none).slice(-8 * N),
    'its product by polynomial 0': await productBy(0),
    'its product by polynomial 15': await productBy(15),
    'its product by polynomial 16': await productBy(16),
  };
}
