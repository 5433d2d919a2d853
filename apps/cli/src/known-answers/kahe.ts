import { unpack } from '@sotto/he-core/codec';
import { expandPolynomial, openCrs } from '@sotto/he-core/crs';
import { decryptSum } from '@sotto/he-core/decrypt';
import { N, type Profile } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { encryptUnder } from '@sotto/he-core/update-core';
import { fromHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { isRejection } from '@sotto/protocol/rejection';
import { deriveNoise, expand } from './derivation.ts';
import { hashNumbers, head } from './digest.ts';
import {
  type CaseResult,
  compare,
  compareNote,
  createFieldReader,
  FormatError,
  runCase,
  runCases,
} from './vector-file.ts';

/** The numbers of the note: N; SHAKE256; 84-bit samples, 42 bits minus 42; u64 at 8i mod t/4; c0. */
const NOTE_NUMBERS = [N, 256, 84, 42, 42, 64, 8, 4, 0];

/** Recomputes kahe.json: public randomness, encryption of one polynomial by several users, their sum and its opening. */
export async function verifyKahe(vector: unknown): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const file = await runCase('kahe', async () => {
    const reader = createFieldReader(vector);
    const note = reader.text('note');
    const seed = reader.text('seed');
    const planHash = reader.hash('planHash');
    const cases = reader.list('cases');
    results.push(
      ...(await runCases('kahe', cases, async (found) =>
        compare(found, await recompute(found, seed, fromHex(planHash))),
      )),
    );
    return [...compareNote(note, NOTE_NUMBERS), ...compare(vector, { note, seed, planHash, cases })];
  });
  return [file, ...results];
}

async function recompute(found: unknown, seed: string, planHash: Uint8Array): Promise<unknown> {
  const reader = createFieldReader(found);
  const profile = reader.profile('profile');
  const polyIndex = reader.integer('polyIndex', 0, 2 ** 32);
  const crs = await publicRandomness(planHash, polyIndex, profile);
  using sum = await createSum({ profile: profile.name, coefficients: N });
  const sumKey = new Int32Array(N);
  const users: unknown[] = [];
  for (const user of reader.list('users').keys()) {
    const label = (what: string) => `${seed}/${profile.name}/${what}/${user}`;
    const k = deriveNoise(label('k'), N);
    const e = deriveNoise(label('e'), N);
    const m = deriveMessages(label('m'), profile);
    const packed = await encryptUnder({
      profile: profile.name,
      planHash,
      messages: m,
      key: k,
      errors: () => e.slice(),
      firstPolynomial: polyIndex,
    });
    const refused = sum.add(packed);
    if (refused) throw new FormatError(refused.message);
    for (let i = 0; i < N; i++) sumKey[i]! += k[i]!;
    users.push({
      k: head(k),
      kSha256: hashNumbers(k, 2, (view, at, value) => view.setInt16(at, value, true)),
      e: head(e),
      m: head(m).map(String),
      c0: head(residues(packed, profile)).map(String),
      c0Packed51Sha256: sha256Hex(packed),
    });
  }
  const packed = sum.finish();
  const opened = await decryptSum({
    profile: profile.name,
    planHash,
    coefficients: N,
    sum: packed,
    sumKey,
    contributors: users.length,
    firstPolynomial: polyIndex,
  });
  if (isRejection(opened)) throw new FormatError(`the sum does not open: ${opened.message}`);
  const sumM = opened.messages.map((message) => (message < 0 ? message + profile.t : message));
  return {
    profile: profile.name,
    log2t: profile.log2t,
    q: String(profile.q),
    delta: profile.delta,
    psi: String(leastRoot(BigInt(profile.q))),
    polyIndex,
    crs: head(crs).map(String),
    crsLast: String(crs[N - 1]),
    crsU64LeSha256: hashU64(crs),
    users,
    sumC0Packed51Sha256: sha256Hex(packed),
    sumKey: head(sumKey),
    sumM: head(sumM).map(String),
    sumMU64LeSha256: hashU64(sumM),
  };
}

async function publicRandomness(planHash: Uint8Array, polyIndex: number, { q }: Profile): Promise<Float64Array> {
  const words = new Uint32Array(2 * N);
  await expandPolynomial(await openCrs(planHash), polyIndex, q, words);
  return Float64Array.from({ length: N }, (_, i) => words[2 * i + 1]! * 2 ** 32 + words[2 * i]!);
}

function deriveMessages(label: string, { t }: Profile): Float64Array {
  const stream = expand(label, 8 * N);
  return Float64Array.from({ length: N }, (_, i) => Number(stream.getBigUint64(8 * i, true) % BigInt(t / 4)));
}

function residues(packed: Uint8Array, { q }: Profile): Float64Array {
  const unpacked = unpack(packed, N, q);
  if (isRejection(unpacked)) throw new FormatError(unpacked.message);
  return unpacked;
}

/** ψ: the least primitive 2N-th root of unity mod q, the one SEAL's NTT uses. */
function leastRoot(q: bigint): bigint {
  const power = (base: bigint, exponent: bigint): bigint => {
    let result = 1n;
    for (let e = exponent, b = base % q; e > 0n; e >>= 1n, b = (b * b) % q) if (e & 1n) result = (result * b) % q;
    return result;
  };
  const order = BigInt(2 * N);
  let root = 1n;
  for (let base = 2n; power(root, BigInt(N)) !== q - 1n; base++) root = power(base, (q - 1n) / order);
  let least = root;
  const square = (root * root) % q;
  for (let i = 0, odd = root; i < N; i++, odd = (odd * square) % q) if (odd < least) least = odd;
  return least;
}

function hashU64(values: Float64Array): string {
  return hashNumbers(values, 8, (view, at, value) => view.setBigUint64(at, BigInt(value), true));
}
