import { combineMeans } from '@sotto/fl-core/robust';
import { advance } from '@sotto/fl-core/strategy/strategy';
import { applyMean, decodeSum, meanDelta } from '@sotto/fl-core/update-codec';
import { decryptSum } from '@sotto/he-core/decrypt';
import { decodeOpening, recoverSumKey } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { toBase64 } from '@sotto/protocol/base64';
import { fromHex } from '@sotto/protocol/bytes';
import { canonicalJson, sha256Hex } from '@sotto/protocol/digest';
import { encodeMeanFile } from '@sotto/protocol/mean-file';
import type { RequestOf } from '@sotto/protocol/messages';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf, type Plan, type SignedPlan } from '@sotto/protocol/plan';
import { decodeStateFile, encodeStateFile } from '@sotto/protocol/state-file';
import {
  type HeldOut,
  type RoundBody,
  type RoundEvidence,
  type TranscriptBody,
  transcriptHash,
  transcriptString,
} from '@sotto/protocol/transcript';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { ciphertext, type createRoom, type Device, inOrder, type Made, must } from './room.ts';

type Room = Awaited<ReturnType<typeof createRoom>>;
type Rules = Pick<RoundBody, 'strategy' | 'robust' | 'guard'>;

const RULES: Rules = { strategy: { name: 'FedAvg' }, robust: null, guard: { mostDrop: 0.2, mostRise: 2 } };
const FAIR: HeldOut = { accuracy: 0.5, loss: 1 };

/** One sum of all these devices, from their updates to its mean, with what it has to show. */
async function openedPart(room: Room, devices: readonly Device[], made: Made) {
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
  const evidence: RoundEvidence = {
    plan: JSON.parse(new TextDecoder().decode(room.documents.get(`/api/plans/${hash}`))) as SignedPlan,
    candidates: inOrder(uploads).map(({ record }) => record),
    answers,
    contributors: devices.map(({ identity }) => identity.device).sort(),
    sum: sha256Hex(sum),
    votes: votes.map(({ x, signature }) => ({ x, signature })),
    openings: openings.map(({ x, signature, bytes }) => ({ x, signature, shares: toBase64(bytes) })),
    metadata: decoded.metadata,
  };
  return { evidence, sum, mean: must(meanDelta(decoded, encoding, devices.length)) };
}

interface Wanted {
  readonly round?: number;
  readonly previous?: string | null;
  /** Model file to start from; without it the room's. */
  readonly model?: Uint8Array;
  readonly rules?: Partial<Rules>;
  /** What the strategy remembers, as a file. */
  readonly state?: Uint8Array | null;
  /** Made of each plan before it is signed. */
  readonly plan?: (plan: Plan) => Plan;
  /** Groups whose mean alone is tried to be so bad. */
  readonly bad?: readonly number[];
}

/** A round that these devices publish, in so many groups; in one it is opened whole. Its transcript is served under its hash. */
export async function publishGroups(room: Room, groups: readonly (readonly Device[])[], wanted: Wanted = {}) {
  const { round = 1, previous = null, model, state = null, bad = [], plan: change = (same) => same } = wanted;
  const rules = { ...RULES, ...wanted.rules };
  const whole = groups.length === 1;
  const parts = [];
  for (const [i, devices] of groups.entries()) {
    if (model) room.documents.set(`/api/models/${sha256Hex(model)}`, model);
    const made = await room.plan(
      devices,
      (plan) => change({ ...plan, previous, ...(model && { model: sha256Hex(model) }) }),
      round,
      whole ? 0 : i + 1,
    );
    parts.push({ kept: !bad.includes(i + 1), made, ...(await openedPart(room, devices, made)) });
  }
  const { plan } = parts[0]!.made;
  const { clip } = plan.encoding;
  const before = model ?? room.documents.get(`/api/models/${plan.model}`)!;
  const file = must(decodeModelFile(before));
  const kept = parts.filter((part) => part.kept);
  const weights = kept.map(({ evidence }) => evidence.metadata[0] ?? evidence.contributors.length);
  const mean = combineMeans(
    kept.map((part) => part.mean),
    weights,
    rules.robust,
    clip,
  );
  const made = advance({
    strategy: rules.strategy,
    weights: file.weights,
    mean,
    state: state && must(decodeStateFile(state)),
    clip,
  });
  const after = encodeModelFile({ ...file, weights: made.weights });
  const stateAfter = made.state && encodeStateFile(made.state);
  const gated = rules.robust?.gate === true;
  const body: RoundBody = {
    version: 2,
    parts: parts.map((part) => ({
      ...part.evidence,
      mean: sha256Hex(encodeMeanFile(part.mean)),
      alone: gated ? { ...FAIR, accuracy: part.kept ? 0.5 : 0.1 } : null,
      kept: part.kept,
    })),
    unopened: [],
    ...rules,
    groups: whole ? null : { count: groups.length, least: 1 },
    heldOut: { before: FAIR, best: FAIR, after: FAIR },
    mean: sha256Hex(encodeMeanFile(mean)),
    state: { before: state && sha256Hex(state), after: stateAfter && sha256Hex(stateAfter) },
    model: sha256Hex(after),
  };
  const sums = parts.map(({ sum }) => sum);
  return { body, sums, before, after, stateAfter, ...(await publishTranscript(room, body)) };
}

/** One whole round of all these devices, opened in one. */
export function publishRound(room: Room, devices: readonly Device[], round = 1, previous: string | null = null) {
  return publishGroups(room, [devices], { round, previous });
}

/** The same round as it was recorded before there were groups. */
export async function publishAsOfOld(room: Room, devices: readonly Device[]) {
  const { evidence, sum, mean } = await openedPart(room, devices, await room.plan(devices));
  const before = room.documents.get(`/api/models/${evidence.plan.plan.model}`)!;
  const file = must(decodeModelFile(before));
  const model = sha256Hex(encodeModelFile({ ...file, weights: applyMean(file.weights, mean) }));
  const body: TranscriptBody = { version: 1, ...evidence, model };
  return { body, sums: [sum], before, ...(await publishTranscript(room, body)) };
}

/** The coordinator signs whatever it is told to. */
export async function publishTranscript(room: Room, body: TranscriptBody) {
  const hash = transcriptHash(body);
  const transcript = { body, signature: await room.coordinator.sign(transcriptString(hash)) };
  room.documents.set(`/api/transcripts/${hash}`, encodeUtf8(canonicalJson(transcript)));
  return { hash, transcript };
}
