import { type CheckValues, checkMatrix, checkValues } from '@sotto/he-core/check';
import { reduce } from '@sotto/he-core/field';
import { dealShares } from '@sotto/he-core/key-share';
import { judgeAnswers, recoverSumKey } from '@sotto/he-core/opening';
import { MASKS, N, SHARE_PRIME } from '@sotto/he-core/params';
import { encodeVector } from '@sotto/he-core/share-vector';
import { fromHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { isRejection } from '@sotto/protocol/rejection';
import { deriveNoise, deriveWords } from './derivation.ts';
import { head } from './digest.ts';
import {
  type CaseResult,
  compare,
  compareNote,
  createFieldReader,
  FormatError,
  runCase,
  runCases,
} from './vector-file.ts';

/** The numbers of the note: SHAKE256, masks and u32 at 4i, u16 draws, N+4 shares, SHA-256 with v1, AES-256 to u16, rows. */
const NOTE_NUMBERS = [256, MASKS, 32, 256, 32, 4, 256, 16, 16, 256, MASKS, 256, 1, 256, 16, MASKS];

/** Recomputes shamir.json: the check matrix, shares of a key and its masks, check values, and a dealer that cheats. */
export async function verifyShamir(vector: unknown): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const file = await runCase('shamir', async () => {
    const reader = createFieldReader(vector);
    const note = reader.text('note');
    const seed = reader.text('seed');
    const planHash = reader.hash('planHash');
    const candidatesHash = reader.hash('candidatesHash');
    const cases = reader.list('cases');
    const matrix = await checkMatrix(fromHex(planHash), fromHex(candidatesHash));
    results.push(...(await runCases('shamir', cases, (found) => verifyCase(found, seed, matrix))));
    return [
      ...compareNote(note, NOTE_NUMBERS),
      ...compare(vector, {
        note,
        seed,
        planHash,
        candidatesHash,
        chiHead: head(matrix),
        chiU16LeSha256: sha256Hex(encodeVector(matrix)),
        cases,
      }),
    ];
  });
  return [file, ...results];
}

async function verifyCase(found: unknown, seed: string, matrix: Uint16Array): Promise<string[]> {
  const reader = createFieldReader(found);
  const members = reader.integer('members', 1, 1_000);
  const threshold = reader.integer('threshold', 1, members);
  const changed = reader.within('badDealer').within('changed');
  const x = changed.integer('x', 1, members);
  const index = changed.integer('index', 0, N + MASKS - 1);
  const by = changed.integer('by', 1 - SHARE_PRIME, SHARE_PRIME - 1);

  const label = (what: string) => `${seed}/shamir/${members}/${what}`;
  const element = (word: number) => word % SHARE_PRIME;
  const key = deriveNoise(label('k'), N);
  const masks = deriveWords(label('mask'), MASKS, element);
  const rows = Array.from({ length: threshold - 1 }, (_, row) =>
    Uint16Array.from(deriveWords(label(`c/${row + 1}`), N + MASKS, element)),
  );
  const shares = dealShares([...key, ...masks], rows, members);
  const good = shares.map((share) => checkValues(matrix, share));
  const tampered = shares.map((share) => share.slice());
  tampered[x - 1]![index] = reduce(tampered[x - 1]![index]! + by);
  const bad = tampered.map((share) => checkValues(matrix, share));

  const expected = {
    members,
    threshold,
    p: SHARE_PRIME,
    secret: head(key),
    masks,
    shares: shares.map((share, i) => ({
      x: i + 1,
      head: head(share),
      u16LeSha256: sha256Hex(encodeVector(share)),
      y: good[i],
    })),
    badDealer: { changed: { x, index, by }, y: bad },
  };
  return [
    ...compare(found, expected),
    ...(await recoverDifferences(threshold, shares, key)),
    ...judgeDifferences(threshold, good, bad),
  ];
}

/** The last t members' shares must interpolate to the secret. */
async function recoverDifferences(threshold: number, shares: Uint16Array[], key: Int8Array): Promise<string[]> {
  const all = shares.map((share, i) => [i + 1, share.subarray(0, N)] as const);
  const openings = new Map(all.slice(-threshold));
  const recovered = await recoverSumKey({ threshold, openings, accept: async () => true });
  if (isRejection(recovered)) throw new FormatError(recovered.message);
  return recovered.key.every((value, i) => value === key[i]) ? [] : ['the shares do not interpolate to the secret'];
}

/** The cheating dealer is found exactly where more than t members answer. */
function judgeDifferences(threshold: number, good: CheckValues[], bad: CheckValues[]): string[] {
  const answers = new Map(good.map((values, i) => [i + 1, [values, bad[i]!]]));
  const judged = judgeAnswers({ threshold, answers, candidates: 2 });
  const expected = { kind: 'judged', dropped: good.length > threshold ? [1] : [], steppedAside: [] };
  return compare(judged, expected, 'judgement');
}
