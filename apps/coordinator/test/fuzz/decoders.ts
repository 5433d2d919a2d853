import { pack, unpack, verifyPacked } from '@sotto/he-core/codec';
import { decodeAnswer, decodeOpening } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { decodeDataset, encodeDataset } from '@sotto/learner/dataset-file';
import { verifyTranscript } from '@sotto/participant/transcript-check';
import { parseInvite } from '@sotto/protocol/invite';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { SignedPlan } from '@sotto/protocol/plan';
import { partsOf, Transcript } from '@sotto/protocol/transcript';
import type { Chance } from './chance.ts';
import { junk, mutate, mutateBytes, textOf } from './mutation.ts';

/** Real things of a run, which nearly fit when they are wrong in one place. */
export interface Specimens {
  readonly transcript: unknown;
  readonly model: Uint8Array;
}

type Decoder = (chance: Chance) => unknown;

/**
 * Everything that makes sense of bytes or JSON of others, here or on a device, in this process. Each must answer with a value or a
 * Rejection; what it throws is a bug.
 */
export function decodersOf({ transcript, model }: Specimens): Readonly<Record<string, Decoder>> {
  const { q } = PROFILES.n47;
  const coefficients = 300;
  const packed = pack(Float64Array.from({ length: coefficients }, (_, i) => (i * 7919) % q));
  const opening = new Uint8Array(2 * 4096);
  const dataset = encodeDataset({
    inputs: new Uint8Array(20),
    shape: [2],
    scale: 1,
    labels: Int32Array.from({ length: 10 }, (_, i) => i % 2),
  });
  const { plan } = partsOf(Transcript.parse(transcript).body)[0];
  return {
    residues: (chance) => verifyPacked(mutateBytes(packed, chance), coefficients, q),
    ciphertext: (chance) => unpack(mutateBytes(packed, chance), coefficients, q),
    answer: (chance) => decodeAnswer(mutateBytes(opening.subarray(0, chance.below(200)), chance), chance.below(20)),
    opening: (chance) => decodeOpening(mutateBytes(opening, chance)),
    model: (chance) => decodeModelFile(mutateBytes(model, chance)),
    dataset: (chance) => decodeDataset(mutateBytes(dataset, chance), 2),
    invite: (chance) => parseInvite(textOf(mutate('study=ab&committee=5&admission=certified&invite=x', chance))),
    plan: (chance) => SignedPlan.safeParse(mutate(plan, chance)),
    async transcript(chance) {
      const parsed = Transcript.safeParse(chance.is(0.1) ? junk(chance) : mutate(transcript, chance));
      // Signatures and sums take milliseconds each.
      if (parsed.success && chance.is(0.1)) await verifyTranscript(parsed.data);
    },
  };
}
