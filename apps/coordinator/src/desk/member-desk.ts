import { decodeAnswer, decodeOpening } from '@sotto/he-core/opening';
import { BOX_BYTES } from '@sotto/he-core/params';
import { toBase64 } from '@sotto/protocol/base64';
import { concat } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { deviceIdOf } from '@sotto/protocol/ids';
import { answerString, openingString, voteString } from '@sotto/protocol/member-answers';
import { BOXES_A_PAGE, DONE, type RequestOf } from '@sotto/protocol/messages';
import { MAX_ONE_TIME_KEY_LIFETIME_MS, verifyOneTimeKey } from '@sotto/protocol/one-time-key';
import { placeOf } from '@sotto/protocol/plan';
import { invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { longestRoundMs } from '@sotto/protocol/run';
import { verifySignature } from '@sotto/protocol/signature';
import { uploadBlob, uploadLayout } from '../aggregation/upload-layout.ts';
import type { RoundHost } from '../rounds/round-host.ts';
import type { Answered, DeskPorts } from './ports.ts';
import type { Presence } from './sessions.ts';
import { isUsablePoint } from './usable-point.ts';

/** Takes what committee members say (one-time keys, check answers, votes, openings) and shows them their candidates. */
export function createMemberDesk({ runs, blobs, clock }: DeskPorts) {
  /** The live round of a plan, for the member in this place of its committee. */
  function seatedAt(who: Presence, planHash: string, x?: number): { round: RoundHost; x: number } | Rejection {
    const round = runs.roundOf(planHash);
    const plan = round?.plan();
    if (!round || !plan) return reject('round_over', 'This round is over, or was never planned here.');
    const place = placeOf(plan.committee, who.key);
    if (place === 0) return reject('not_asked', 'This device is not on the committee of this plan.');
    if (x !== undefined && x !== place)
      return reject('not_asked', `This device has place ${place} in the committee, not ${x}.`);
    return { round, x: place };
  }

  const counted = async (refused: Promise<Rejection | undefined>): Promise<{ reply: typeof DONE } | Rejection> =>
    (await refused) ?? { reply: DONE };

  async function oneTimeKey(
    { device, key }: Presence,
    { round: at, oneTime }: RequestOf<'one-time-key'>,
  ): Promise<Answered<'one-time-key'> | Rejection> {
    const round = runs.roundAt(at);
    if (!round) return reject('round_over', 'This round is over, or was never begun here.');
    const { startedAt, durations } = round.state().setup;
    if (oneTime.expiry < startedAt + longestRoundMs(durations))
      return reject('key_expiry', 'The key expires before the round can end.');
    if (oneTime.expiry > clock.now() + MAX_ONE_TIME_KEY_LIFETIME_MS)
      return reject('key_expiry', 'The key would live for more than 24 hours.');
    if (!(await verifyOneTimeKey(key, at, oneTime)))
      return reject('bad_signature', "The one-time key is not signed by this device's key for this round.");
    if (!(await isUsablePoint(oneTime.key)))
      return reject(
        'bad_key',
        'No box can be sealed to this one-time key: it is no point of full order. Make another.',
      );
    return counted(round.apply({ type: 'one-time-key', device, member: key, oneTime }));
  }

  async function candidates(
    who: Presence,
    { planHash, from }: RequestOf<'candidates'>,
  ): Promise<Answered<'candidates'> | Rejection> {
    const seat = seatedAt(who, planHash);
    if (isRejection(seat)) return seat;
    const { round, x } = seat;
    const state = round.state();
    const plan = round.plan()!;
    if (!('candidatesHash' in state)) return reject('wrong_phase', 'The candidates are not frozen yet.');
    const { ciphertext } = uploadLayout(plan);
    const listed = [...round.evidence().updates.values()];
    const page = listed.slice(from, from + BOXES_A_PAGE);
    const boxes = await Promise.all(
      page.map(async ({ record, digest }) => {
        const blob = uploadBlob(planHash, deviceIdOf(record.key), digest);
        const box = await blobs.readRange(blob, ciphertext + (x - 1) * BOX_BYTES, BOX_BYTES);
        invariant(box, `${blob} ends before box ${x}`);
        return box;
      }),
    );
    return { reply: { records: page.map(({ record }) => record), total: listed.length }, bytes: concat(boxes) };
  }

  async function answer(
    who: Presence,
    request: RequestOf<'answer'>,
    bytes: Uint8Array,
  ): Promise<Answered<'answer'> | Rejection> {
    const { planHash, candidates: list, x, signature } = request;
    const seat = seatedAt(who, planHash, x);
    if (isRejection(seat)) return seat;
    const state = seat.round.state();
    if (!('candidatesHash' in state)) return reject('wrong_phase', 'The candidates are not frozen yet.');
    if (!(await verifySignature(who.key, answerString(planHash, list, x, bytes), signature)))
      return reject('bad_signature', 'The check answer is not signed by this member.');
    const decoded = decodeAnswer(bytes, Object.keys(state.updates).length);
    if (isRejection(decoded)) return decoded;
    const evidence = { x, answer: toBase64(bytes), signature };
    const { device } = who;
    return counted(seat.round.apply({ type: 'answer', device, candidates: list, digest: sha256Hex(bytes), evidence }));
  }

  async function vote(who: Presence, request: RequestOf<'vote'>): Promise<Answered<'vote'> | Rejection> {
    const { planHash, contributors, x, signature } = request;
    const seat = seatedAt(who, planHash, x);
    if (isRejection(seat)) return seat;
    if (!(await verifySignature(who.key, voteString(planHash, contributors), signature)))
      return reject('bad_signature', 'The vote is not signed by this member.');
    return counted(seat.round.apply({ type: 'vote', device: who.device, contributors, evidence: { x, signature } }));
  }

  async function opening(
    who: Presence,
    request: RequestOf<'opening'>,
    bytes: Uint8Array,
  ): Promise<Answered<'opening'> | Rejection> {
    const { planHash, contributors, x, signature } = request;
    const seat = seatedAt(who, planHash, x);
    if (isRejection(seat)) return seat;
    const decoded = decodeOpening(bytes);
    if (isRejection(decoded)) return decoded;
    if (!(await verifySignature(who.key, openingString(planHash, contributors, x, bytes), signature)))
      return reject('bad_signature', 'The opening is not signed by this member.');
    const evidence = { x, shares: toBase64(bytes), signature };
    const { device } = who;
    return counted(seat.round.apply({ type: 'opening', device, contributors, digest: sha256Hex(bytes), evidence }));
  }

  return { oneTimeKey, candidates, answer, vote, opening };
}
