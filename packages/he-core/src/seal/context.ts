import type { Ciphertext, Evaluator, MainModule, ParmsIdType, Plaintext, SEALContext } from 'node-seal/allows';
import { ensure } from '../invariant-error.ts';
import { N, PROFILES, type ProfileName } from '../params.ts';
import { guard, loadSeal } from './module.ts';

/** Polynomials in one SEAL ciphertext at most; it must carry two at the least. */
export const BLOCK_POLYNOMIALS = 16;
const LEAST_POLYNOMIALS = 2;
const CIPHERTEXT_HEADER = 113;
const PLAINTEXT_HEADER = 88;
const NTT_FLAG = 48;

/** SEAL's objects for one profile. They live as long as the thread. */
export interface Context {
  readonly seal: MainModule;
  readonly handle: SEALContext;
  readonly evaluator: Evaluator;
  readonly parmsId: ParmsIdType;
}

const contexts = new Map<ProfileName, Promise<Context>>();

/** The cached context of a profile; made once a thread. */
export function openContext(name: ProfileName): Promise<Context> {
  let context = contexts.get(name);
  if (!context) {
    context = loadSeal().then((seal) => guard(`set up profile ${name}`, () => makeContext(seal, name)));
    context.catch(() => contexts.delete(name));
    contexts.set(name, context);
  }
  return context;
}

function makeContext(seal: MainModule, name: ProfileName): Context {
  const { q, t } = PROFILES[name];
  using parameters = new seal.EncryptionParameters(seal.SchemeType.bfv);
  using coefficients = new seal.VectorModulus();
  using prime = new seal.Modulus(BigInt(q));
  using plain = new seal.Modulus(BigInt(t));
  coefficients.push_back(prime);
  parameters.setPolyModulusDegree(N);
  parameters.setCoeffModulus(coefficients);
  parameters.setPlainModulus(plain);
  const handle = new seal.SEALContext(parameters, false, seal.SecLevelType.tc256);
  ensure(handle.parametersSet(), `SEAL refuses the parameters of profile ${name} at 256-bit security`);
  return { seal, handle, evaluator: new seal.Evaluator(handle), parmsId: handle.firstParmsId() };
}

/**
 * Polynomials in SEAL's uncompressed layout: `bytes` is the whole serialised ciphertext, `words` its residues as
 * (low, high) pairs of u32, polynomial-major. The header starts at an odd address so that the residues are aligned.
 */
export interface Block {
  readonly polynomials: number;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** A zeroed block under a header that SEAL itself wrote. One polynomial is carried beside a zero one. */
export function createBlock(context: Context, polynomials: number, domain: 'ntt' | 'coefficients'): Block {
  const { seal, handle, parmsId } = context;
  const carried = Math.max(LEAST_POLYNOMIALS, polynomials);
  return guard('lay out a ciphertext', () => {
    using model = new seal.Ciphertext(handle, parmsId, carried);
    model.resize(carried);
    const saved: Uint8Array = model.saveToArray(seal.ComprModeType.none);
    const length = CIPHERTEXT_HEADER + 8 * N * carried;
    ensure(saved.length === length, `SEAL wrote ${saved.length} bytes for ${carried} polynomials, not ${length}`);
    const { bytes, words } = alignAfter(saved, CIPHERTEXT_HEADER);
    bytes[NTT_FLAG] = domain === 'ntt' ? 1 : 0;
    return { polynomials, bytes, words };
  });
}

/** Copies a serialised object to where its residues, after the header, are aligned to 8 bytes. */
function alignAfter(saved: Uint8Array, header: number): { bytes: Uint8Array; words: Uint32Array } {
  const offset = (8 - (header % 8)) % 8;
  const buffer = new ArrayBuffer(offset + saved.length);
  const bytes = new Uint8Array(buffer, offset);
  bytes.set(saved);
  return { bytes, words: new Uint32Array(buffer, offset + header) };
}

/** Loads a block we laid out ourselves, never bytes from the network. */
export function loadBlock(context: Context, block: Block, into: Ciphertext): void {
  into.loadFromArray(context.handle, block.bytes);
}

/** Writes the residues of a SEAL ciphertext as (low, high) pairs, polynomial-major; they fit `words` exactly. */
export function saveWords(context: Context, ciphertext: Ciphertext, words: Uint32Array): void {
  const saved: Uint8Array = ciphertext.saveToArray(context.seal.ComprModeType.none);
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength).set(saved.subarray(CIPHERTEXT_HEADER));
  saved.fill(0);
}

/** Loads small signed coefficients, N of them, as a plaintext mod t. */
export function loadSigned(context: Context, coefficients: ArrayLike<number>, t: number, into: Plaintext): void {
  const { seal, handle } = context;
  using model = new seal.Plaintext(N);
  const { bytes, words } = alignAfter(model.saveToArray(seal.ComprModeType.none), PLAINTEXT_HEADER);
  for (let i = 0; i < N; i++) {
    const residue = coefficients[i]! < 0 ? coefficients[i]! + t : coefficients[i]!;
    words[2 * i] = residue;
    words[2 * i + 1] = residue / 2 ** 32;
  }
  into.loadFromArray(handle, bytes);
  words.fill(0);
}
