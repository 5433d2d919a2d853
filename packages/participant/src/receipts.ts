import type { Exposure } from '@sotto/protocol/budget';
import { deviceIdOf, type RoundKey, runKeyText } from '@sotto/protocol/ids';
import type { Pins } from '@sotto/protocol/invite';
import { planHash, roundKeyOf } from '@sotto/protocol/plan';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import {
  contributorsOf,
  partsOf,
  roundPlanOf,
  type Transcript,
  type TranscriptBody,
  transcriptHash,
  transcriptString,
} from '@sotto/protocol/transcript';
import { inclusionOf } from './inclusion.ts';
import { fetchTranscript } from './public-documents.ts';
import { createQueue } from './queue.ts';
import { contributionTo, memberRecordsIn } from './round-memory.ts';
import { verifyTranscript } from './transcript-check.ts';
import type { Transport } from './transport.ts';
import type { Vault, Write } from './vault.ts';

/**
 * Where a device's update ended up: in a sum that counts; in that of a group that was opened, but left out for making the model worse;
 * sent, but in a group that came to no sum; sent, but among the candidates' updates that the committee could not use; sent, but after the
 * candidates were frozen; taken back; or never sent.
 */
export type Part = 'included' | 'left-out' | 'unopened' | 'dropped' | 'late' | 'withdrawn' | 'none';

/** What the published record says about this device's update, checked by this device. */
export interface Receipt {
  readonly round: number;
  readonly transcript: string;
  /** In all sums of the round. */
  readonly contributors: number;
  /** In the sum of this device's group, where the round had groups and this device's was opened. */
  readonly ofGroup?: number;
  /** This device's update, as it was sent, is in a sum that counts, of a record that holds. */
  readonly included: boolean;
  /** As the transcript has it, whether or not it holds. */
  readonly part: Part;
  /** What does not hold in the transcript; empty in an honest round. */
  readonly problems: readonly string[];
}

export interface ReceiptPorts {
  readonly transport: Pick<Transport, 'fetch'>;
  readonly vault: Vault;
  readonly device: string;
  readonly pins: Pins;
}

/** A published round as it was announced. */
export interface Announced extends Pick<RoundKey, 'coordinator' | 'task' | 'run' | 'round'> {
  readonly transcript: string;
}

/** What this device sent in a round. */
interface Sent {
  readonly planHash: string;
  readonly ciphertext: string;
  /** What its sum gives away of it, under noise. */
  readonly exposure?: Exposure;
}

/** The end of a run's chain of transcripts, as far as this device has seen it. */
interface ChainEnd {
  readonly round: number;
  readonly transcript: string;
}

/** The write that keeps what was sent, for the round's receipt. */
export function sentWrite(round: Pick<RoundKey, 'coordinator' | 'task' | 'run' | 'round'>, sent: Sent): Write {
  return { table: 'receipts', key: sentKey(round), value: sent };
}

/** The write that forgets it: an update that was taken back. */
export function unsentWrite(round: Pick<RoundKey, 'coordinator' | 'task' | 'run' | 'round'>): Write {
  return { table: 'receipts', key: sentKey(round), remove: true };
}

/** What this device sent in a round; undefined when it sent nothing, or took it back. */
export async function sentIn(
  vault: Vault,
  round: Pick<RoundKey, 'coordinator' | 'task' | 'run' | 'round'>,
): Promise<Sent | undefined> {
  return (await vault.get('receipts', sentKey(round))) as Sent | undefined;
}

/** What updates of this device to a run gave away, by round, whatever became of them: of those under noise that it did not take back. */
export async function exposuresIn(
  vault: Vault,
  run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>,
): Promise<ReadonlyMap<number, Exposure>> {
  const prefix = `${runKeyText(run)}/`;
  const sent = await vault.list('receipts', prefix);
  return new Map(
    sent.flatMap(({ key, value }) => {
      const { exposure } = value as Sent;
      return exposure ? [[Number(key.slice(prefix.length)), exposure] as const] : [];
    }),
  );
}

function sentKey(round: Pick<RoundKey, 'coordinator' | 'task' | 'run' | 'round'>): string {
  return `${runKeyText(round)}/${round.round}`;
}

/** Hashes of the plans of the round's groups, those that came to no sum included. */
function plansOf(body: TranscriptBody): string[] {
  const opened = partsOf(body).map(({ plan }) => planHash(plan.plan));
  return body.version === 1 ? opened : [...opened, ...body.unopened.flatMap(({ plan }) => plan ?? [])];
}

/**
 * Checks published transcripts against what this device knows by itself: the round it was in, the plan it sealed or answered for, the
 * ciphertext it sent, and the last transcript it saw of this run, which the new one must lead back to. The last of these outlives the
 * session, so that nobody is shown two histories of one run.
 */
export function createReceipts({ transport, vault, device, pins }: ReceiptPorts) {
  const inTurn = createQueue();

  async function receiptOf(announced: Announced): Promise<Receipt | Rejection> {
    const hash = announced.transcript;
    const transcript = await fetchTranscript(transport, hash);
    if (isRejection(transcript)) return transcript;
    const { body } = transcript;
    const plan = roundPlanOf(body);
    const report = await verifyTranscript(transcript, { pins });
    const problems = [...report.problems];
    if (report.hash !== hash) problems.push('The transcript is not the one that was announced.');
    const isRound =
      sentKey(plan) === sentKey(announced) ? undefined : 'The transcript is of another round than the one that ended.';
    if (isRound) problems.push(isRound);
    const sent = await sentIn(vault, announced);
    problems.push(...(await foreignTo(transcript, sent)));
    const end = (await vault.get('receipts', runKeyText(announced))) as ChainEnd | undefined;
    const broken = end && !isRound ? await breakIn(transcript, announced, end) : undefined;
    if (isRejection(broken)) return broken;
    if (broken !== undefined) problems.push(broken);
    if (problems.length === 0 && !(end && end.round >= announced.round)) {
      const value: ChainEnd = { round: announced.round, transcript: hash };
      await vault.write([{ table: 'receipts', key: runKeyText(announced), value }]);
    }
    const part = await partIn(body, announced, sent);
    const own = partsOf(body).find(({ contributors }) => contributors.includes(device));
    return {
      round: announced.round,
      transcript: hash,
      contributors: contributorsOf(body).length,
      ...(own && own.plan.plan.group !== 0 && { ofGroup: own.contributors.length }),
      included: problems.length === 0 && part === 'included',
      part,
      problems,
    };
  }

  async function partIn(body: TranscriptBody, announced: Announced, sent: Sent | undefined): Promise<Part> {
    const unopened = body.version === 1 ? [] : body.unopened;
    const inclusion = inclusionOf(body, device);
    if (inclusion !== 'absent') return inclusion;
    if (sent) return unopened.some(({ plan }) => plan === sent.planHash) ? 'unopened' : 'late';
    const record = await contributionTo(vault, announced);
    return record?.round === announced.round && record.withdrawn ? 'withdrawn' : 'none';
  }

  /** What the transcript says of this device that the device knows better. */
  async function foreignTo({ body }: Transcript, sent: Sent | undefined): Promise<string[]> {
    const problems: string[] = [];
    const plans = new Set(plansOf(body));
    const records = await memberRecordsIn(vault, roundKeyOf(roundPlanOf(body)));
    const answered = [...records.values()].flatMap(({ check }) => check?.planHash ?? []);
    if ([...answered, ...(sent ? [sent.planHash] : [])].some((hash) => !plans.has(hash)))
      problems.push('The transcript is of another plan than the one this device took part in.');
    for (const { plan, candidates } of partsOf(body)) {
      const own = candidates.find(isOwn);
      if (!own) continue;
      if (!sent) problems.push('The transcript lists an update of this device, which has no record of sending one.');
      else if (own.ciphertext !== sent.ciphertext || planHash(plan.plan) !== sent.planHash)
        problems.push('The transcript lists another update of this device than the one it sent.');
    }
    return problems;
  }

  function isOwn({ key }: { readonly key: string }): boolean {
    return deviceIdOf(key) === device;
  }

  /** Follows the chain back to the last transcript this device saw of the run. @returns what is wrong with it */
  async function breakIn(
    { body }: Transcript,
    announced: Announced,
    end: ChainEnd,
  ): Promise<string | Rejection | undefined> {
    if (announced.round < end.round) return undefined;
    if (announced.round === end.round)
      return announced.transcript === end.transcript
        ? undefined
        : `Round ${end.round} was published to this device with another transcript before.`;
    const forked = `The transcript does not lead back to that of round ${end.round}, the last one this device saw.`;
    let { round, previous } = roundPlanOf(body);
    while (previous !== end.transcript) {
      if (previous === null) return forked;
      const earlier = await fetchTranscript(transport, previous);
      if (isRejection(earlier)) return earlier.rejected === 'disconnected' ? earlier : forked;
      const plan = roundPlanOf(earlier.body);
      const links =
        transcriptHash(earlier.body) === previous &&
        runKeyText(plan) === runKeyText(announced) &&
        plan.round < round &&
        plan.round > end.round &&
        (await verifySignature(announced.coordinator, transcriptString(previous), earlier.signature));
      if (!links) return forked;
      ({ round, previous } = plan);
    }
    return undefined;
  }

  return { receiptOf: (announced: Announced): Promise<Receipt | Rejection> => inTurn(() => receiptOf(announced)) };
}
