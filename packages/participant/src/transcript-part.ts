import { checkNumbers } from '@sotto/fl-core/encoding';
import { decryptSum, keyResidualWithin } from '@sotto/he-core/decrypt';
import { type AnswerEntry, decodeAnswer, decodeOpening, judgeAnswers, recoverSumKey } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { fromBase64 } from '@sotto/protocol/base64';
import { fromHex } from '@sotto/protocol/bytes';
import { type Certificate, checkCertificate, type Role } from '@sotto/protocol/certificate';
import type { Pins } from '@sotto/protocol/invite';
import { answerString, openingString, voteString } from '@sotto/protocol/member-answers';
import { verifyOneTimeKey } from '@sotto/protocol/one-time-key';
import { coefficientsOf, leastThreshold, type Plan, planHash, planString, roundKeyOf } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import type { RoundEvidence } from '@sotto/protocol/transcript';
import { listedUpdate, listHash, verifyUpdateRecord } from '@sotto/protocol/update-record';

export type Complain = (problem: string) => void;

/** Runs one check under its name, in the report. */
export type Check = <T>(name: string, run: (complain: Complain) => Promise<T> | T) => Promise<T>;

interface Known {
  readonly pins: Pins;
  /** The packed summed ciphertext that the evidence names, where the verifier holds it: then it is opened again. */
  readonly sum: Uint8Array | undefined;
}

/**
 * Checks what one sum has to show for itself: the plan, whose updates are in it, who answered for them, and that the openings open it.
 * @returns the opened coefficients, where the sum was at hand and opens
 */
export async function checkPart(
  evidence: RoundEvidence,
  { pins, sum }: Known,
  check: Check,
): Promise<Float64Array | undefined> {
  await check('plan and committee', (complain) => checkPlanOf(evidence, pins, complain));
  const candidates = await check('updates', (complain) => checkCandidates(evidence, pins, complain));
  await check('check answers', (complain) => checkAnswers(evidence, candidates, complain));
  await check('votes', (complain) => checkVotes(evidence, candidates, complain));
  return check('openings', (complain) => checkOpenings(evidence, candidates, sum, complain));
}

type Listed = ReturnType<typeof listedUpdate>;

async function checkPlanOf({ plan: signed }: RoundEvidence, pins: Pins, complain: Complain): Promise<void> {
  const { plan } = signed;
  const { members, threshold } = plan.committee;
  if (!(await verifySignature(plan.coordinator, planString(planHash(plan)), signed.signature)))
    complain('The plan is not signed by the coordinator.');
  if (pins.coordinator !== null && pins.coordinator !== plan.coordinator)
    complain('The plan is from another coordinator than the pinned one.');
  const numbers = checkNumbers(plan, PROFILES);
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
  { plan: { plan }, candidates }: RoundEvidence,
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
  { plan: { plan }, answers, contributors }: RoundEvidence,
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
  { plan: { plan }, votes, contributors }: RoundEvidence,
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
  { plan: { plan }, openings, contributors, metadata }: RoundEvidence,
  candidates: Listed[],
  sum: Uint8Array | undefined,
  complain: Complain,
): Promise<Float64Array | undefined> {
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
  const counted = opened?.subarray(opened.length - encoding.metadata.length);
  if (metadata.length !== encoding.metadata.length || counted?.some((value, i) => value !== metadata[i]))
    complain('The opened metadata is not what the transcript says.');
  return opened;
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
