import { applyMean, decodeSum, meanDelta } from '@sotto/fl-core/update-codec';
import { decryptSum } from '@sotto/he-core/decrypt';
import { decodeOpening, recoverSumKey } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { toBase64 } from '@sotto/protocol/base64';
import { fromHex } from '@sotto/protocol/bytes';
import { canonicalJson, sha256Hex } from '@sotto/protocol/digest';
import type { RequestOf } from '@sotto/protocol/messages';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf, type SignedPlan } from '@sotto/protocol/plan';
import { type TranscriptBody, transcriptHash, transcriptString } from '@sotto/protocol/transcript';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { ciphertext, type createRoom, type Device, inOrder, must } from './room.ts';

type Room = Awaited<ReturnType<typeof createRoom>>;

/** One whole round of all these devices, up to the coordinator's transcript, which is served under its hash. */
export async function publishRound(room: Room, devices: readonly Device[], round = 1, previous: string | null = null) {
  const made = await room.plan(devices, (plan) => ({ ...plan, previous }), round);
  const { plan, hash } = made;
  const { encoding, committee } = plan;
  const uploads = await room.contributeAll(devices, made);
  const answers = [];
  for (const member of devices) {
    const { payload, bytes } = must(await room.check(member, made, uploads));
    const { x, signature } = payload as RequestOf<'answer'>;
    answers.push({ x, signature, answer: toBase64(bytes!) });
  }
  const votes = [];
  for (const member of devices) votes.push(must(await room.vote(member, made, devices)));
  const openings = [];
  for (const member of devices) {
    const { payload, bytes } = must(await room.open(member, made, votes[0]!.contributors, votes));
    const { x, signature } = payload as RequestOf<'opening'>;
    openings.push({ x, signature, bytes: bytes! });
  }
  const adding = await createSum({ profile: encoding.profile, coefficients: coefficientsOf(encoding) });
  for (const upload of uploads) adding.add(ciphertext(upload));
  const sum = adding.finish();
  adding[Symbol.dispose]();
  const shares = new Map(openings.map(({ x, bytes }) => [x, must(decodeOpening(bytes))]));
  const { threshold } = committee;
  const recovered = must(await recoverSumKey({ threshold, openings: shares, accept: async () => true }));
  const { messages } = must(
    await decryptSum({
      profile: encoding.profile,
      planHash: fromHex(hash),
      coefficients: coefficientsOf(encoding),
      sum,
      sumKey: recovered.key,
      contributors: devices.length,
    }),
  );
  const decoded = decodeSum(messages, encoding, PROFILES[encoding.profile]);
  const before = room.documents.get(`/api/models/${plan.model}`)!;
  const file = must(decodeModelFile(before));
  const weights = applyMean(file.weights, must(meanDelta(decoded, encoding, devices.length)));
  const body: TranscriptBody = {
    version: 1,
    plan: JSON.parse(new TextDecoder().decode(room.documents.get(`/api/plans/${hash}`))) as SignedPlan,
    candidates: inOrder(uploads).map(({ record }) => record),
    answers,
    contributors: devices.map(({ identity }) => identity.device).sort(),
    sum: sha256Hex(sum),
    votes: votes.map(({ x, signature }) => ({ x, signature })),
    openings: openings.map(({ x, signature, bytes }) => ({ x, signature, shares: toBase64(bytes) })),
    metadata: decoded.metadata,
    model: sha256Hex(encodeModelFile({ ...file, weights })),
  };
  return { body, sum, before, ...(await publishTranscript(room, body)) };
}

/** The coordinator signs whatever it is told to. */
export async function publishTranscript(room: Room, body: TranscriptBody) {
  const hash = transcriptHash(body);
  const transcript = { body, signature: await room.coordinator.sign(transcriptString(hash)) };
  room.documents.set(`/api/transcripts/${hash}`, encodeUtf8(canonicalJson(transcript)));
  return { hash, transcript };
}
