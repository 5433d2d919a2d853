import { z } from 'zod';
import { About } from './about.ts';
import { InviteCode, Standing } from './admission.ts';
import { fromHex } from './bytes.ts';
import { Certificate } from './certificate.ts';
import { DeviceId, Hash, PublicKey, RoundKey, RoundNumber, Signature, Slug, Time } from './ids.ts';
import { OneTimeKey } from './one-time-key.ts';
import { MOST_COMMITTEE } from './plan.ts';
import { RoundOutcome, Status } from './run.ts';
import { prefixed } from './signature.ts';
import { Vote } from './transcript.ts';
import { UpdateRecord } from './update-record.ts';

/**
 * The socket's messages. A device asks and is answered (acknowledged); the coordinator only ever hints: every hint follows from what
 * is stored and is given again at each connect, so a lost one costs time and nothing else. An acknowledgement means "on disk".
 */

/** Bytes of one part of an upload. Socket.IO drops the whole connection over messages above its limit, so parts stay small. */
export const PART_BYTES = 256 * 1024;
/** Parts under way before the first is acknowledged. */
export const PART_WINDOW = 4;
/** Largest message a socket takes; the largest honest one is a part with its few fields, or a page of boxes. */
export const MAX_MESSAGE_BYTES = 1_000_000;
/** Boxes handed to a member in one page. */
export const BOXES_A_PAGE = 64;

/** What a device needs to know before it can say who it is. */
export const Challenge = z.strictObject({ coordinator: PublicKey, nonce: Hash });
export type Challenge = z.infer<typeof Challenge>;

/** "sotto/v1/hello" ‖ coordinator key ‖ nonce: good for this coordinator and this connection only. */
export function helloString({ coordinator, nonce }: Challenge): Uint8Array<ArrayBuffer> {
  return prefixed('hello', fromHex(coordinator), fromHex(nonce));
}

/** A Rejection as it arrives: whatever else the peer put in it is dropped. */
export const Refusal = z.object({
  rejected: z.string().max(64),
  message: z.string().max(2000),
  retryAfterMs: z.number().positive().max(3_600_000).optional(),
});

const PlanHash = z.strictObject({ planHash: Hash });
const Place = z.number().int().min(1).max(MOST_COMMITTEE);
export const Done = z.strictObject({ done: z.literal(true) });
export const DONE: z.infer<typeof Done> = { done: true };

const Bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const Hello = z.strictObject({
  version: z.literal(1),
  task: Slug,
  key: PublicKey,
  signature: Signature,
  /** Study-key certificates this device brings along, for role `device` and `member`. */
  certificates: z.array(Certificate).max(2),
  /** False for a device that only serves on the committee. */
  contributes: z.boolean(),
  /** The code of the link that this device came by, where it has one. A device that was let in once needs none. */
  invite: InviteCode.optional(),
  about: About.optional(),
  /** What its examples were read by (`examplesHash` of the task); left out by devices of old, and by those that have none. */
  examples: Hash.optional(),
});
export type Hello = z.infer<typeof Hello>;

/** The coordinator keeps the certificates that were issued for a device, so that a page need not. */
const Welcome = z.strictObject({
  device: DeviceId,
  now: Time,
  status: Status,
  standing: Standing,
  certificates: z.array(Certificate).max(2),
});
export type Welcome = z.infer<typeof Welcome>;

/**
 * One request: what the device sends (and whether raw bytes come with it), and what it is answered. The name is the socket event.
 * A refusal is a Rejection instead of the reply.
 */
export const REQUESTS = {
  hello: { request: Hello, reply: Welcome, sendsBytes: false, repliesBytes: false },
  'one-time-key': {
    request: z.strictObject({ round: RoundKey, oneTime: OneTimeKey }),
    reply: Done,
    sendsBytes: false,
    repliesBytes: false,
  },
  /** Opens, or picks up again, the upload of ciphertext ‖ box_1 ‖ … ‖ box_m. */
  upload: {
    request: z.strictObject({ planHash: Hash, record: UpdateRecord, bytes: Bytes }),
    reply: z.strictObject({ received: Bytes }),
    sendsBytes: false,
    repliesBytes: false,
  },
  part: {
    request: z.strictObject({ planHash: Hash, offset: Bytes }),
    reply: z.strictObject({ received: Bytes }),
    sendsBytes: true,
    repliesBytes: false,
  },
  /** All parts are there: check digests and residues and count the update. */
  commit: { request: PlanHash, reply: Done, sendsBytes: false, repliesBytes: false },
  /** Takes the update back, or says that none will come; possible until the candidates are frozen, and final for the round. */
  withdraw: { request: PlanHash, reply: Done, sendsBytes: false, repliesBytes: false },
  /** The highest round of the run that this device took part in, where it was asked for that one or an earlier one again. */
  remember: {
    request: z.strictObject({ run: Slug, round: RoundNumber }),
    reply: Done,
    sendsBytes: false,
    repliesBytes: false,
  },
  /** A page of the frozen candidates, with the asking member's own boxes one after the other. */
  candidates: {
    request: z.strictObject({ planHash: Hash, from: z.number().int().min(0) }),
    reply: z.strictObject({ records: z.array(UpdateRecord).max(BOXES_A_PAGE), total: z.number().int().min(0) }),
    sendsBytes: false,
    repliesBytes: true,
  },
  answer: {
    request: z.strictObject({ planHash: Hash, candidates: Hash, x: Place, signature: Signature }),
    reply: Done,
    sendsBytes: true,
    repliesBytes: false,
  },
  vote: {
    request: z.strictObject({ planHash: Hash, contributors: Hash, x: Place, signature: Signature }),
    reply: Done,
    sendsBytes: false,
    repliesBytes: false,
  },
  opening: {
    request: z.strictObject({ planHash: Hash, contributors: Hash, x: Place, signature: Signature }),
    reply: Done,
    sendsBytes: true,
    repliesBytes: false,
  },
} as const;

export type RequestName = keyof typeof REQUESTS;
export type RequestOf<Name extends RequestName> = z.infer<(typeof REQUESTS)[Name]['request']>;
export type ReplyOf<Name extends RequestName> = z.infer<(typeof REQUESTS)[Name]['reply']>;

/** What the coordinator would like a device to do; repeated at each connect until it is done or too late. */
export const Duty = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('one-time-key'), round: RoundKey, expiry: Time }),
  z.strictObject({ kind: z.literal('contribute'), planHash: Hash }),
  z.strictObject({ kind: z.literal('check'), planHash: Hash, candidates: Hash }),
  z.strictObject({ kind: z.literal('vote'), planHash: Hash, contributors: z.array(DeviceId).max(200_000) }),
  z.strictObject({
    kind: z.literal('open'),
    planHash: Hash,
    contributors: Hash,
    votes: z.array(Vote).max(MOST_COMMITTEE),
  }),
]);
export type Duty = z.infer<typeof Duty>;

/** A round a device took part in has ended. */
export const RoundOver = z.strictObject({ run: Slug, planHash: Hash.nullable(), outcome: RoundOutcome });
export type RoundOver = z.infer<typeof RoundOver>;

/** The coordinator is about to hang up; the device should come back after so long, each device at a moment of its own. */
const ComeBack = z.strictObject({ afterMs: z.number().int().min(0).max(3_600_000) });

/** How the device stands has changed while it is connected: it was let in, or a certificate has come in for it. */
const Restanding = z.strictObject({ standing: Standing, certificates: z.array(Certificate).max(2) });

/** Hints from the coordinator, by socket event. After `dismissed`, which says why, the session is over. */
export const HINTS = {
  challenge: Challenge,
  duty: Duty,
  status: Status,
  standing: Restanding,
  'round-over': RoundOver,
  'come-back': ComeBack,
  dismissed: Refusal,
} as const;
export type HintName = keyof typeof HINTS;
export type HintOf<Name extends HintName> = z.infer<(typeof HINTS)[Name]>;
