import type { Worker } from 'node:worker_threads';
import { chooseEncoding } from '@sotto/fl-core/encoding';
import { encodeUpdate } from '@sotto/fl-core/update-codec';
import { generateOneTimeKey } from '@sotto/he-core/member';
import { PROFILES } from '@sotto/he-core/params';
import { sealUpdate } from '@sotto/he-core/update';
import { createSealingService } from '@sotto/he-core/worker/service';
import { concat, fromHex, toHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { leastThreshold } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { describe, expect, it } from 'vitest';
import { engineCases, type SealedRound } from '../src/aggregation/conformance.ts';
import { createJobs } from '../src/aggregation/jobs.ts';
import { createThreadEngine } from '../src/aggregation/threads.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
import { newFolder, until } from './hall.ts';

const PARAMETERS = 40;
const MEMBERS = 7;
const CONTRIBUTORS = 3;

/** Three contributors, a committee of seven: five open, two more tell who lies. */
async function seal(): Promise<SealedRound> {
  const planHash = sha256Hex(crypto.getRandomValues(new Uint8Array(32)));
  const candidatesHash = sha256Hex(fromHex(planHash));
  const encoding = chooseEncoding(PROFILES, {
    parameters: PARAMETERS,
    nMax: CONTRIBUTORS,
    lanes: 2,
    bits: 8,
    rotation: false,
    rotationSeed: 1,
    scale: null,
    calibration: null,
    range: 1,
    clip: 100,
    exampleCap: 20,
  });
  if (isRejection(encoding)) throw new Error(encoding.message);
  const threshold = leastThreshold(MEMBERS);
  const keys = await Promise.all(Array.from({ length: MEMBERS }, () => generateOneTimeKey()));
  const levels = new Array<number>(PARAMETERS).fill(0);
  const uploads: {
    bytes: Uint8Array;
    record: { ciphertext: string; boxes: string[] };
    device: Uint8Array;
    boxes: Uint8Array[];
  }[] = [];
  for (let i = 0; i < CONTRIBUTORS; i++) {
    const device = crypto.getRandomValues(new Uint8Array(32));
    const delta = Float32Array.from({ length: PARAMETERS }, (_, j) => Math.sin(i * 100 + j) / 2);
    const encoded = encodeUpdate(
      { delta, examples: 10 + i, correct: 1, lossSum: 1 },
      { encoding, noise: null },
      PROFILES[encoding.profile],
      (into) => void crypto.getRandomValues(into as Uint32Array<ArrayBuffer>),
    );
    if (isRejection(encoded)) throw new Error(encoded.message);
    encoded.levels.forEach((level, j) => {
      levels[j]! += level;
    });
    const sealed = await sealUpdate({
      profile: encoding.profile,
      planHash: fromHex(planHash),
      deviceId: device,
      messages: encoded.messages,
      threshold,
      members: keys.map(({ publicKey }) => publicKey),
    });
    if (isRejection(sealed)) throw new Error(sealed.message);
    uploads.push({
      bytes: concat([sealed.ciphertext, ...sealed.boxes]),
      record: { ciphertext: toHex(sealed.ciphertextHash), boxes: sealed.boxHashes.map(toHex) },
      device,
      boxes: sealed.boxes,
    });
  }
  const service = createSealingService();
  const answers: [number, Uint8Array][] = [];
  const openings: [number, Uint8Array][] = [];
  for (const [i, { privateKey, publicKey }] of keys.entries()) {
    const checked = await service.check({
      planHash: fromHex(planHash),
      candidatesHash: fromHex(candidatesHash),
      x: i + 1,
      privateKey,
      publicKey,
      candidates: uploads.map(({ device, boxes, record }) => ({
        deviceId: device,
        ciphertextHash: fromHex(record.ciphertext),
        box: boxes[i]!,
      })),
    });
    answers.push([i + 1, checked.answer]);
    openings.push([i + 1, await service.open(checked.shares as Uint16Array[])]);
  }
  return {
    planHash,
    encoding,
    threshold,
    uploads,
    openings,
    answers,
    levels,
    examples: 33,
  };
}

describe('the engine in worker threads', () => {
  for (const { promise, run } of engineCases(seal))
    it(promise, () => {
      const folder = newFolder();
      return run(async () => ({ engine: createThreadEngine({ folder, threads: 2 }), blobs: createFileBlobs(folder) }));
    });

  it('says so when a thread dies, and works on with another', async () => {
    const folder = newFolder();
    const engine = createThreadEngine({ folder, threads: 1 });
    const missing = { profile: 'n47', coefficients: 10, blobs: ['none'], into: 'sum' } as const;
    await expect(engine.sum(missing)).rejects.toThrow(/none is not among the blobs/);
    const dying = engine.sum(missing);
    const dead = expect(dying).rejects.toThrow(/gone|not among/);
    await engine.close();
    await dead;
    await expect(engine.sum(missing)).rejects.toThrow(/none is not among the blobs/);
    await engine.close();
  });
});

describe('a thread in which a call failed', () => {
  it('ends once its other calls have, and another takes what comes next', async () => {
    const begun: Worker[] = [];
    const note = (worker: Worker) => void begun.push(worker);
    process.on('worker', note);
    try {
      const folder = newFolder();
      const engine = createThreadEngine({ folder, threads: 1 });
      const missing = { profile: 'n47', coefficients: 10, blobs: ['none'], into: 'sum' } as const;
      const empty = { ...missing, blobs: [] };
      const [failed, finished] = await Promise.allSettled([engine.sum(missing), engine.sum(empty)]);
      expect([failed.status, finished.status]).toEqual(['rejected', 'fulfilled']);
      await until('there is no thread any more', () => begun.length === 1 && begun[0]!.threadId === -1);
      await engine.sum(empty);
      await engine.sum(empty);
      expect(begun).toHaveLength(2);
      await engine.close();
    } finally {
      process.off('worker', note);
    }
  });
});

describe('the same work in this thread', () => {
  for (const { promise, run } of engineCases(seal).slice(0, 3))
    it(promise, () => {
      const blobs = createFileBlobs(newFolder());
      return run(async () => ({ engine: { ...createJobs(blobs), close: async () => {} }, blobs }));
    });
});
