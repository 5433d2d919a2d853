import { decryptSum } from '@sotto/he-core/decrypt';
import { N } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { encryptUnder } from '@sotto/he-core/update-core';
import { fromHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { isRejection } from '@sotto/protocol/rejection';
import { deriveNoise, deriveWords } from './derivation.ts';
import { hashNumbers, head } from './digest.ts';
import { type CaseResult, compare, compareNote, createFieldReader, FormatError, runCase } from './vector-file.ts';

const LANES = 2;
const HEAD_LEVELS = 16;
/** The numbers of the note after the contributors: polynomial 0, SHAKE256, u32 at 4i of SHAKE256, 2λ + 1. */
const NOTE_NUMBERS = [0, 256, 32, 4, 256, 2, 1];
/** What the note says of the contributors unless it counts the file's own. */
const NOTED_USERS = 47;

/** Recomputes signed-sum.json: many users' signed lanes in polynomial 0, summed and opened with the residual squares. */
export async function verifySignedSum(vector: unknown): Promise<CaseResult[]> {
  return [await runCase('signed-sum', () => differencesOf(vector))];
}

async function differencesOf(vector: unknown): Promise<string[]> {
  const reader = createFieldReader(vector);
  const note = reader.text('note');
  const seed = reader.text('seed');
  const planHash = reader.hash('planHash');
  const profile = reader.profile('profile');
  const users = reader.integer('users', 1, profile.maxContributors);
  const laneBits = reader.integer('laneBits', 2, Math.floor(profile.log2t / LANES));
  const lane = 2 ** laneBits;
  const lambda = reader.integer('lambda', 1, lane / 2 - 1);

  using sum = await createSum({ profile: profile.name, coefficients: N });
  const sumKey = new Int32Array(N);
  for (let user = 0; user < users; user++) {
    const label = (what: string) => `${seed}/signed/${what}/${user}`;
    const levels = deriveWords(label('levels'), LANES * N, (word) => (word % (2 * lambda + 1)) - lambda);
    const key = deriveNoise(label('k'), N);
    const packed = await encryptUnder({
      profile: profile.name,
      planHash: fromHex(planHash),
      messages: Float64Array.from({ length: N }, (_, i) => levels[LANES * i]! + levels[LANES * i + 1]! * lane),
      key,
      errors: (count) => deriveNoise(label('e'), count),
    });
    const refused = sum.add(packed);
    if (refused) throw new FormatError(refused.message);
    for (let i = 0; i < N; i++) sumKey[i]! += key[i]!;
  }
  const packed = sum.finish();
  const opened = await decryptSum({
    profile: profile.name,
    planHash: fromHex(planHash),
    coefficients: N,
    sum: packed,
    sumKey,
    contributors: users,
  });
  if (isRejection(opened)) throw new FormatError(`the sum does not open: ${opened.message}`);
  const sumLevels = Array.from(opened.messages).flatMap((message) => {
    const low = centred(message, lane);
    return [low, centred((message - low) / lane, lane)];
  });
  const expected = {
    note,
    seed,
    planHash,
    profile: profile.name,
    users,
    laneBits,
    lambda,
    sumC0Packed51Sha256: sha256Hex(packed),
    sumKey: head(sumKey),
    sumLevels: head(sumLevels, HEAD_LEVELS),
    sumLevelsI32LeSha256: hashNumbers(sumLevels, 4, (view, at, value) => view.setInt32(at, value, true)),
    residualSquares: opened.residualSquares[0],
  };
  const noted = note.startsWith(`${NOTED_USERS} `) ? NOTED_USERS : users;
  return [...compareNote(note, [noted, ...NOTE_NUMBERS]), ...compare(vector, expected)];
}

/** The representative of value mod `modulus` (a power of two) in [−modulus/2, modulus/2). */
function centred(value: number, modulus: number): number {
  return value - modulus * Math.floor(value / modulus + 0.5);
}
