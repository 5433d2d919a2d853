import { createHash } from 'node:crypto';
import { decodeSum, meanDelta, type OpenedSum } from '@sotto/fl-core/update-codec';
import { layout, verifyPacked } from '@sotto/he-core/codec';
import { decryptSum } from '@sotto/he-core/decrypt';
import { decodeAnswer, decodeOpening, judgeAnswers, recoverSumKey } from '@sotto/he-core/opening';
import { BOX_BYTES, PROFILES } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { fromHex } from '@sotto/protocol/bytes';
import { coefficientsOf } from '@sotto/protocol/plan';
import { InvariantError, isRejection, reject } from '@sotto/protocol/rejection';
import type { Blobs } from '../blobs/blobs.ts';
import type { Engine } from './engine.ts';
import { createModelJobs, writeMean } from './model-jobs.ts';

/** The engine's work itself, in whatever thread it is called. */
export function createJobs(blobs: Blobs): Omit<Engine, 'close'> {
  const need = async <T>(what: string, bytes: Promise<T | undefined>): Promise<T> => {
    const found = await bytes;
    if (found === undefined) throw new InvariantError(`${what} is not among the blobs`);
    return found;
  };
  return {
    ...createModelJobs(blobs),

    async verify({ blob, record, profile, coefficients }) {
      const length = layout(coefficients).bytes;
      const size = await blobs.size(blob);
      if (size !== length + record.boxes.length * BOX_BYTES)
        return reject('upload_damaged', `The upload has ${size ?? 0} bytes. Send it again from the beginning.`);
      const ciphertext = await need(blob, blobs.readRange(blob, 0, length));
      if (sha256Of(ciphertext) !== record.ciphertext) return damaged('ciphertext');
      for (const [i, digest] of record.boxes.entries()) {
        const box = await need(blob, blobs.readRange(blob, length + i * BOX_BYTES, BOX_BYTES));
        if (sha256Of(box) !== digest) return damaged(`box ${i + 1}`);
      }
      return verifyPacked(ciphertext, coefficients, PROFILES[profile].q);
    },

    async sum({ profile, coefficients, blobs: names, into }) {
      using sum = await createSum({ profile, coefficients });
      const { bytes } = layout(coefficients);
      for (const name of names) {
        const refused = sum.add(await need(name, blobs.readRange(name, 0, bytes)));
        if (refused) return refused;
      }
      const packed = sum.finish();
      await blobs.write(into, packed);
      return sha256Of(packed);
    },

    async judge({ threshold, candidates, answers }) {
      const decoded = new Map<number, Exclude<ReturnType<typeof decodeAnswer>, { rejected: string }>>();
      for (const [x, answer] of answers) {
        const entries = decodeAnswer(answer, candidates);
        if (isRejection(entries)) return entries;
        decoded.set(x, entries);
      }
      return judgeAnswers({ threshold, candidates, answers: decoded });
    },

    async open({ planHash, encoding, threshold, contributors, sum, openings, wantsLevels }) {
      const { profile } = encoding;
      const shares = new Map<number, Uint16Array>();
      for (const [x, opening] of openings) {
        const share = decodeOpening(opening);
        if (isRejection(share)) return share;
        shares.set(x, share);
      }
      const packed = await need(sum, blobs.read(sum));
      let messages: Float64Array | undefined;
      const recovered = await recoverSumKey({
        threshold,
        openings: shares,
        async accept(sumKey) {
          const opened = await decryptSum({
            profile,
            planHash: fromHex(planHash),
            coefficients: coefficientsOf(encoding),
            sum: packed,
            sumKey,
            contributors,
          });
          if (isRejection(opened)) return false;
          messages = opened.messages;
          return true;
        },
      });
      if (isRejection(recovered)) return recovered;
      const opened: OpenedSum = decodeSum(messages!, encoding, PROFILES[profile]);
      const mean = meanDelta(opened, encoding, contributors);
      if (isRejection(mean)) return mean;
      return {
        mean: await writeMean(blobs, mean),
        metadata: opened.metadata,
        blamed: recovered.blamed,
        levels: wantsLevels ? Float64Array.from(opened.levels) : null,
      };
    },
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function damaged(what: string) {
  return reject('upload_damaged', `The ${what} arrived damaged: its digest is not the signed one. Send all again.`);
}
