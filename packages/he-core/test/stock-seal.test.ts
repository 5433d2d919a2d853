import SEAL, { type MainModule } from 'node-seal';
import { expect, test } from 'vitest';
import { unpack } from '../src/codec.ts';
import { expandPolynomial, openCrs } from '../src/crs.ts';
import { N, PROFILES } from '../src/params.ts';
import { createSum } from '../src/sum.ts';
import { accepted, createCommittee, PLAN } from './committee.ts';

const PROFILE = 'n774';
const CIPHERTEXT_HEADER = 113;
const NTT_FLAG = 48;
const PLAINTEXT_HEADER = 88;

/** Nothing below is ours: a second SEAL, its own context, its own Decryptor. */
function makeStockContext(seal: MainModule) {
  const { q, t } = PROFILES[PROFILE];
  const parameters = new seal.EncryptionParameters(seal.SchemeType.bfv);
  const coefficients = new seal.VectorModulus();
  coefficients.push_back(new seal.Modulus(BigInt(q)));
  parameters.setPolyModulusDegree(N);
  parameters.setCoeffModulus(coefficients);
  parameters.setPlainModulus(new seal.Modulus(BigInt(t)));
  const context = new seal.SEALContext(parameters, true, seal.SecLevelType.tc256);
  expect(context.parametersSet()).toBe(true);
  return context;
}

function write(bytes: Uint8Array, at: number, values: ArrayLike<number>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < values.length; i++) view.setBigUint64(at + 8 * i, BigInt(values[i]!), true);
}

test('a stock SEAL Decryptor opens a sum of 50 updates under the sum of their keys', async () => {
  const contributors = 50;
  const coefficients = N + 300;
  const { t, q } = PROFILES[PROFILE];
  const committee = await createCommittee(PROFILE, 5);
  const total = new Float64Array(coefficients);
  const updates = [];
  using sum = await createSum({ profile: PROFILE, coefficients });
  for (let device = 0; device < contributors; device++) {
    const messages = total.map((_, i) => ((i * 7_919 + device * 104_729) % 2_000_000_011) - 1_000_000_005);
    for (let i = 0; i < coefficients; i++) total[i]! += messages[i]!;
    const sealed = await committee.seal(device, messages);
    expect(sum.add(sealed.ciphertext)).toBeUndefined();
    updates.push(sealed);
  }
  const residues = accepted(unpack(sum.finish(), coefficients, q));
  const sumKey = await committee.sumKey(updates);

  const options: Record<string, unknown> = { locateFile: undefined };
  const seal = await SEAL(options as Parameters<typeof SEAL>[0]);
  const context = makeStockContext(seal);
  const evaluator = new seal.Evaluator(context);
  const { none } = seal.ComprModeType;

  const key = new seal.Plaintext(N);
  const keyBytes: Uint8Array = key.saveToArray(none);
  write(
    keyBytes,
    PLAINTEXT_HEADER,
    Array.from(sumKey, (k) => (k < 0 ? k + t : k)),
  );
  key.loadFromArray(context, keyBytes);
  const transformed = new seal.Plaintext();
  evaluator.plainTransformToNtt(key, context.firstParmsId(), transformed);
  const secretKey = new seal.SecretKey();
  secretKey.loadFromArray(context, transformed.saveToArray(none));
  const decryptor = new seal.Decryptor(context, secretKey);

  const crs = await openCrs(PLAN);
  const opened: number[] = [];
  for (let j = 0; j < 2; j++) {
    const words = new Uint32Array(2 * N);
    await expandPolynomial(crs, j, q, words);
    const a = Array.from({ length: N }, (_, i) => words[2 * i + 1]! * 2 ** 32 + words[2 * i]!);
    const ciphertext = new seal.Ciphertext(context, context.firstParmsId(), 2);
    ciphertext.resize(2);
    const bytes: Uint8Array = ciphertext.saveToArray(none);
    bytes[NTT_FLAG] = 1;
    write(bytes, CIPHERTEXT_HEADER + 8 * N, a);
    ciphertext.loadFromArray(context, bytes);
    evaluator.cipherTransformFromNttInplace(ciphertext);
    const both: Uint8Array = ciphertext.saveToArray(none);
    const c = new Float64Array(N);
    c.set(residues.subarray(j * N, (j + 1) * N));
    write(both, CIPHERTEXT_HEADER, c);
    ciphertext.loadFromArray(context, both);
    const plain = new seal.Plaintext();
    decryptor.decrypt(ciphertext, plain);
    const saved: Uint8Array = plain.saveToArray(none);
    const view = new DataView(saved.buffer, saved.byteOffset);
    const used = Math.min(N, coefficients - j * N);
    for (let i = 0; i < used; i++) {
      const m = i < plain.coeffCount() ? Number(view.getBigUint64(PLAINTEXT_HEADER + 8 * i, true)) : 0;
      opened.push(m >= t / 2 ? m - t : m);
    }
  }
  expect(opened).toEqual(Array.from(total));
});
