import SEAL from 'node-seal';
import { CKKS, CKKS_CIPHERTEXTS, type CkksMode } from './figures.ts';

/**
 * Stock CKKS: a participant encodes, encrypts and serialises its floats, uncompressed, under the key all participants
 * share. `publicKey` is what NVFlare, TenSEAL and FedML do; `symmetric` is SEAL's cheaper way for holders of the secret
 * key, which sends a seed in place of half a ciphertext.
 */
export async function createCkks() {
  const options: Record<string, unknown> = { locateFile: undefined };
  const seal = await SEAL(options as Parameters<typeof SEAL>[0]);
  using parameters = new seal.EncryptionParameters(seal.SchemeType.ckks);
  parameters.setPolyModulusDegree(CKKS.n);
  parameters.setCoeffModulus(seal.CoeffModulus.Create(CKKS.n, Int32Array.from(CKKS.coefficientBits)));
  const context = new seal.SEALContext(parameters, true, seal.SecLevelType.tc128);
  if (!context.parametersSet()) throw new Error('SEAL refuses the CKKS parameters');
  const keys = new seal.KeyGenerator(context);
  const encryptor = new seal.Encryptor(context, keys.createPublicKey(), keys.secretKey());
  const encoder = new seal.CKKSEncoder(context);
  const slots = encoder.slotCount();
  const scale = 2 ** CKKS.scaleBits;

  const encrypt = (values: Float64Array, mode: CkksMode): number => {
    using plain = new seal.Plaintext();
    encoder.encode(values, scale, plain);
    using cipher =
      mode === 'symmetric' ? encryptor.encryptSymmetricSerializable(plain) : encryptor.encryptSerializable(plain);
    const saved: Uint8Array = cipher.saveToArray(seal.ComprModeType.none);
    return saved.length;
  };

  return function encryptUpdate(floats: Float64Array, mode: CkksMode): { ms: number; bytes: number } {
    const start = performance.now();
    let bytes = 0;
    for (let index = 0; index < CKKS_CIPHERTEXTS; index++) {
      bytes += encrypt(floats.subarray(index * slots, (index + 1) * slots), mode);
    }
    return { ms: performance.now() - start, bytes };
  };
}
