import { checkEncoding } from '@sotto/fl-core/encoding';
import { applyMean, decodeSum, meanDelta } from '@sotto/fl-core/update-codec';
import { decryptSum, keyResidualWithin } from '@sotto/he-core/decrypt';
import { type AnswerEntry, decodeAnswer, decodeOpening, judgeAnswers, recoverSumKey } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { fromBase64 } from '@sotto/protocol/base64';
import { fromHex } from '@sotto/protocol/bytes';
import { type Certificate, checkCertificate, type Role } from '@sotto/protocol/certificate';
import { sha256Hex } from '@sotto/protocol/digest';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { answerString, openingString, voteString } from '@sotto/protocol/member-answers';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { verifyOneTimeKey } from '@sotto/protocol/one-time-key';
import {
  coefficientsOf,
  leastThreshold,
  type Plan,
  parametersOf,
  planHash,
  planString,
  roundKeyOf,
} from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import { type Transcript, type TranscriptBody, transcriptHash, transcriptString } from '@sotto/protocol/transcript';
import { listedUpdate, listHash, verifyUpdateRecord } from '@sotto/protocol/update-record';

export interface TranscriptReport {
  readonly hash: string;
  readonly round: number;
  readonly contributors: number;
  readonly checks: readonly TranscriptCheck[];
  /** What could not be checked with what was at hand, for people: that much is still the coordinator's word. */
  readonly unchecked: readonly string[];
  /** What does not hold, for people; empty when everything does. */
  readonly problems: readonly string[];
}

/** One thing that was checked, and what of it does not hold. */
interface TranscriptCheck {
  readonly name: string;
  readonly problems: readonly string[];
}

interface Known {
  readonly pins?: Pins;
  /** The packed summed ciphertext, where the verifier holds it: then the sum is opened again. */
  readonly sum?: Uint8Array;
  /** The transcript before this one in the chain. */
  readonly previous?: string;
  /** The model file the round started from; with the sum, the new model is computed again. */
  readonly model?: Uint8Array;
}

type Complain = (problem: string) => void;

/**
 * Checks a published round from its record alone, without the server: signatures, certificates, chain, check answers, the choice of U,
 * votes and openings; with the sum at hand, that the openings really open it to the recorded metadata; with the previous model as well,
 * that the published model is that one plus the opened mean. The report says what of this was not checked.
 */
export async function verifyTranscript({ body, signature }: Transcript, known: Known = {}): Promise<TranscriptReport> {
  const checks: TranscriptCheck[] = [];
  const hash = transcriptHash(body);
  const { plan } = body.plan;
  async function check<T>(name: string, run: (complain: Complain) => Promise<T>): Promise<T> {
    const problems: string[] = [];
    checks.push({ name, problems });
    return run((problem) => problems.push(problem));
  }
  await check('signature and chain', async (complain) => {
    if (!(await verifySignature(plan.coordinator, transcriptString(hash), signature)))
      complain('The transcript is not signed by the coordinator.');
    if (known.previous !== undefined && plan.previous !== known.previous)
      complain('The transcript does not follow the previous one.');
  });
  await check('plan and committee', (complain) => checkPlanOf(body, known.pins ?? OPEN_PINS, complain));
  const candidates = await check('updates', (complain) => checkCandidates(body, known.pins ?? OPEN_PINS, complain));
  await check('check answers', (complain) => checkAnswers(body, candidates, complain));
  await check('votes', (complain) => checkVotes(body, candidates, complain));
  const opened = await check('openings', (complain) => checkOpenings(body, candidates, known.sum, complain));
  const before = known.model;
  if (opened && before) await check('model', async (complain) => checkModel(body, opened, before, complain));
  const problems = checks.flatMap((each) => each.problems);
  const unchecked = [...uncheckedOf(plan, known, opened !== undefined)];
  return { hash, round: plan.round, contributors: body.contributors.length, checks, unchecked, problems };
}

function* uncheckedOf(plan: Plan, { pins, sum, previous, model }: Known, opened: boolean): Generator<string> {
  if (previous === undefined && plan.previous !== null)
    yield 'the chain: the transcript before this one is not at hand.';
  if (!pins?.studyKey) yield 'the committee: without a study key to insist on, the coordinator could have invented it.';
  if (!sum) yield 'the sum: it is not at hand, so that the recorded metadata were not opened again.';
  yield 'the addition: the updates themselves are not published, so that they were not added up again.';
  if (!opened || !model) yield 'the model: it takes the opened sum and the model before to compute it again.';
}

type Listed = ReturnType<typeof listedUpdate>;

async function checkPlanOf({ plan: signed }: TranscriptBody, pins: Pins, complain: Complain): Promise<void> {
  const { plan } = signed;
  const { members, threshold } = plan.committee;
  if (!(await verifySignature(plan.coordinator, planString(planHash(plan)), signed.signature)))
    complain('The plan is not signed by the coordinator.');
  if (pins.coordinator !== null && pins.coordinator !== plan.coordinator)
    complain('The plan is from another coordinator than the pinned one.');
  const numbers = checkEncoding(plan.encoding, PROFILES);
  if (numbers) complain(numbers.message);
  if (threshold < leastThreshold(members.length) || threshold > members.length || members.length < pins.leastCommittee)
    complain(
      `${threshold} of ${members.length} members is a weaker committee than the protocol, or the invite, allows.`,
    );
  if (new Set(members.map(({ key }) => key)).size !== members.length) complain('A committee member is listed twice.');
  if (new Set(members.map(({ oneTime }) => oneTime.key)).size !== members.length)
    complain('Two members share a one-time key.');
  for (const [i, member] of members.entries()) {
    if (!(await verifyOneTimeKey(member.key, roundKeyOf(plan), member.oneTime)))
      complain(`The one-time key of member ${i + 1} is not signed by it.`);
    if (pins.studyKey === null) continue;
    const refused = await checkCertificateOf(member, 'member', plan, pins.studyKey);
    if (refused) complain(`Certificate of member ${i + 1}: ${refused.message}`);
  }
}

async function checkCandidates(
  { plan: { plan }, candidates }: TranscriptBody,
  pins: Pins,
  complain: Complain,
): Promise<Listed[]> {
  const hash = planHash(plan);
  const listed = candidates.map((record) => listedUpdate(hash, record));
  if (listed.some(({ device }, i) => i > 0 && device <= listed[i - 1]!.device))
    complain('The candidates are not in ascending order, each once.');
  for (const [i, record] of candidates.entries()) {
    if (record.boxes.length !== plan.committee.members.length || !(await verifyUpdateRecord(hash, record)))
      complain(`The update of ${listed[i]!.device} is not signed by that device.`);
    if (pins.admission === 'open' || pins.studyKey === null) continue;
    const refused = await checkCertificateOf(record, 'device', plan, pins.studyKey);
    if (refused) complain(`Certificate of the contributor ${listed[i]!.device}: ${refused.message}`);
  }
  return listed;
}

/** The round is past: what counts is that the certificate held while it was open. */
async function checkCertificateOf(
  { key, certificate }: { readonly key: string; readonly certificate: Certificate | null },
  role: Role,
  { task, deadlines }: Plan,
  studyKey: string,
): Promise<{ readonly message: string } | undefined> {
  if (!certificate) return { message: 'there is none.' };
  return checkCertificate(certificate, { studyKey, key, task, role, now: deadlines.upload });
}

async function checkAnswers(
  { plan: { plan }, answers, contributors }: TranscriptBody,
  candidates: Listed[],
  complain: Complain,
): Promise<void> {
  const hash = planHash(plan);
  const candidatesHash = listHash(candidates);
  const decoded = new Map<number, readonly AnswerEntry[]>();
  const once = createPlaces();
  for (const { x, answer, signature } of answers) {
    const member = plan.committee.members[x - 1];
    const bytes = fromBase64(answer);
    const values = decodeAnswer(bytes, candidates.length);
    if (!member || !once(x)) complain(`There is a check answer too many for place ${x}.`);
    else if (!(await verifySignature(member.key, answerString(hash, candidatesHash, x, bytes), signature)))
      complain(`The check answer of member ${x} is not signed by it.`);
    else if (isRejection(values)) complain(`The check answer of member ${x} is malformed: ${values.message}`);
    else decoded.set(x, values);
  }
  const verdict = judgeAnswers({
    threshold: plan.committee.threshold,
    answers: decoded,
    candidates: candidates.length,
  });
  if (verdict.kind === 'abandon') {
    complain(`The check answers do not allow the round to go on (${verdict.reason}).`);
    return;
  }
  const kept = candidates.filter((_, i) => !verdict.dropped.includes(i)).map(({ device }) => device);
  if (kept.length !== contributors.length || kept.some((device, i) => device !== contributors[i]))
    complain('The contributors are not the candidates that passed the check.');
  if (contributors.length < plan.minimumCohort || contributors.length > plan.encoding.nMax)
    complain(`${contributors.length} contributors are outside ${plan.minimumCohort} … ${plan.encoding.nMax}.`);
}

async function checkVotes(
  { plan: { plan }, votes, contributors }: TranscriptBody,
  candidates: Listed[],
  complain: Complain,
): Promise<void> {
  const hash = planHash(plan);
  const list = contributorsHash(contributors, candidates);
  const places = new Set<number>();
  const once = createPlaces();
  for (const { x, signature } of votes) {
    const member = plan.committee.members[x - 1];
    if (!once(x)) complain(`Member ${x} is listed with more than one vote.`);
    else if (member && (await verifySignature(member.key, voteString(hash, list), signature))) places.add(x);
    else complain(`The vote of member ${x} is not signed by it, or is for other contributors.`);
  }
  if (places.size < plan.committee.threshold)
    complain(`${places.size} members voted; ${plan.committee.threshold} had to.`);
}

async function checkOpenings(
  body: TranscriptBody,
  candidates: Listed[],
  sum: Uint8Array | undefined,
  complain: Complain,
): Promise<Float64Array | undefined> {
  const {
    plan: { plan },
    openings,
    contributors,
    metadata,
  } = body;
  const hash = planHash(plan);
  const list = contributorsHash(contributors, candidates);
  const { encoding, committee } = plan;
  const shares = new Map<number, Uint16Array>();
  const once = createPlaces();
  for (const { x, shares: text, signature } of openings) {
    const member = committee.members[x - 1];
    const bytes = fromBase64(text);
    const opening = decodeOpening(bytes);
    if (!once(x)) complain(`Member ${x} is listed with more than one opening.`);
    else if (
      member &&
      !isRejection(opening) &&
      (await verifySignature(member.key, openingString(hash, list, x, bytes), signature))
    )
      shares.set(x, opening);
    else complain(`The opening of member ${x} is malformed or not signed by it.`);
  }
  if (sum && sha256Hex(sum) !== body.sum) complain('The summed ciphertext is not the one the transcript names.');
  let opened: Float64Array | undefined;
  const recovered = await recoverSumKey({
    threshold: committee.threshold,
    openings: shares,
    accept: async (sumKey) => {
      if (!keyResidualWithin(sumKey, contributors.length)) return false;
      if (!sum) return true;
      const decrypted = await decryptSum({
        profile: encoding.profile,
        planHash: fromHex(hash),
        coefficients: coefficientsOf(encoding),
        sum,
        sumKey,
        contributors: contributors.length,
      });
      if (isRejection(decrypted)) return false;
      opened = decrypted.messages;
      return true;
    },
  });
  if (isRejection(recovered)) complain(`The openings do not open the sum: ${recovered.message}`);
  if (opened?.slice(-encoding.metadata.length).some((value, i) => value !== metadata[i]))
    complain('The opened metadata is not what the transcript says.');
  return opened;
}

/** Model = model before + opened mean, to the last bit. */
function checkModel(
  { plan: { plan }, contributors, model }: TranscriptBody,
  opened: Float64Array,
  file: Uint8Array,
  complain: Complain,
): void {
  const { encoding } = plan;
  const before = decodeModelFile(file);
  if (sha256Hex(file) !== plan.model || isRejection(before)) {
    complain('The model at hand is not the one the round started from.');
    return;
  }
  const mean = meanDelta(decodeSum(opened, encoding, PROFILES[encoding.profile]), encoding, contributors.length);
  if (isRejection(mean)) complain(mean.message);
  else if (before.weights.length !== parametersOf(encoding))
    complain('The plan is for a model of another size than the one the round started from.');
  else if (sha256Hex(encodeModelFile({ ...before, weights: applyMean(before.weights, mean) })) !== model)
    complain('The published model is not the one before plus the opened mean.');
}

/** Each place speaks once in a list. */
function createPlaces(): (x: number) => boolean {
  const seen = new Set<number>();
  return (x) => !seen.has(x) && seen.add(x) !== undefined;
}

function contributorsHash(contributors: readonly string[], candidates: readonly Listed[]): string {
  const digests = new Map(candidates.map(({ device, digest }) => [device, digest]));
  return listHash(
    contributors.flatMap((device) => (digests.has(device) ? [{ device, digest: digests.get(device)! }] : [])),
  );
}
