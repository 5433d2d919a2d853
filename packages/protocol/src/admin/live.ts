import { z } from 'zod';
import { DeviceId, Group, Hash, RoundNumber, Slug, Time } from '../ids.ts';
import { Phase, Status } from '../run.ts';

/** How far a device is with the update that it was asked for, as far as the coordinator can know. */
export const UpdateState = z.enum([
  /** Asked; there is no plan yet. */
  'asked',
  /** It has the plan, and nothing has come. */
  'learning',
  /** Some of its bytes have come. */
  'sending',
  /** Its update is here, whole. */
  'sent',
  /** It took its update back, or said that none will come. */
  'withdrawn',
  /** Not connected, and nothing of it is here. */
  'away',
  /** Nothing of it was here in time. */
  'missed',
  /** Its update is among those that are opened together. */
  'counted',
  /** Its update was here, and is not among them. */
  'left-out',
]);
export type UpdateState = z.infer<typeof UpdateState>;

/** How far a device is with its seat on the committee. */
export const SeatState = z.enum([
  /** For a one-time key. */
  'asked',
  'ready',
  /** It was asked, and others were seated. */
  'spare',
  'member',
  'checked',
  'voted',
  'opened',
  /** Its shares did not fit those of the others: it takes no further part. */
  'aside',
]);
export type SeatState = z.infer<typeof SeatState>;

/** What a device is doing in a round. */
export const RoundDevice = z.strictObject({
  device: DeviceId,
  /** The group that it contributes to; 0 is the whole round; null: it only serves on the committee. */
  group: Group.nullable(),
  /** Null: it was asked for none. */
  update: UpdateState.nullable(),
  /** Null: it was asked for no key. Where the groups of a round have come unequally far, that of the last. */
  seat: SeatState.nullable(),
  /** Bytes that it has sent in this round; null when that is not known any more. */
  bytes: z.number().int().nullable(),
});
export type RoundDevice = z.infer<typeof RoundDevice>;

/** What of a round has a sum of its own: group 0 is the whole of it, 1 … are its groups. */
const RoundPart = z.strictObject({
  group: Group,
  /** Where it is, or was when it was abandoned. */
  phase: Phase,
  planHash: Hash.nullable(),
  asked: z.number().int(),
  updates: z.number().int(),
  /** With so many updates the rest have only as long again. */
  quorum: z.number().int(),
  /** Fewest contributors that it is opened with. */
  minimum: z.number().int(),
  /** How many are opened together; null until that is settled. */
  contributors: z.number().int().nullable(),
  members: z.number().int(),
  /** So many members must answer, vote and open; null until there is a plan. */
  threshold: z.number().int().nullable(),
  answers: z.number().int(),
  votes: z.number().int(),
  openings: z.number().int(),
  /** Why it was abandoned. */
  reason: z.string().nullable(),
});
export type RoundPart = z.infer<typeof RoundPart>;

/** A message of a device that was refused. */
export const RefusedMessage = z.strictObject({
  at: Time,
  device: DeviceId,
  /** The message’s name. */
  kind: z.string(),
  rejected: z.string(),
  message: z.string(),
});
export type RefusedMessage = z.infer<typeof RefusedMessage>;

/** What was counted since the round before was over, besides what is signed. */
export const RoundFacts = z.strictObject({
  /** Bytes received from devices, by the phase that they came in. */
  received: z.partialRecord(Phase, z.number().int()),
  /** Messages refused, by code. */
  refused: z.record(z.string(), z.number().int()),
  /** The latest of them, newest first. */
  refusals: z.array(RefusedMessage),
});
export type RoundFacts = z.infer<typeof RoundFacts>;

/** One round, under way or over, as the coordinator saw it. */
export const RoundView = z.strictObject({
  run: Slug,
  round: RoundNumber,
  startedAt: Time,
  endedAt: Time.nullable(),
  /** When each phase that it came to began: of its parts, the first. */
  began: z.partialRecord(Phase, Time),
  parts: z.array(RoundPart),
  devices: z.array(RoundDevice),
  /** Null when they are not known any more. */
  facts: RoundFacts.nullable(),
});
export type RoundView = z.infer<typeof RoundView>;

/** How a task stands now, without what changes only when a round ends. */
export const LiveStatus = Status.omit({ history: true, budget: true });

/** How a task and the round under way in it stand, after so many news. */
export const LiveView = z.strictObject({
  task: Slug,
  news: z.number().int(),
  /** On the coordinator’s clock. */
  now: Time,
  status: LiveStatus,
  /** Null between rounds. */
  round: RoundView.nullable(),
  /** Between rounds: what has been counted since the last. */
  facts: RoundFacts,
});
export type LiveView = z.infer<typeof LiveView>;

/**
 * News are told over the `/admin` socket as `live`, each time that something has happened in a task: the view after it, but of the round's
 * devices only those that are otherwise than in the news before.
 *
 * @returns the view after these news; null when some before them are missing: it has to be asked for again. News that it has already change nothing.
 */
export function afterNews(view: LiveView, news: LiveView): LiveView | null {
  if (news.news <= view.news) return view;
  if (news.news !== view.news + 1) return null;
  const { round } = news;
  if (round === null) return news;
  const known = view.round?.run === round.run && view.round.round === round.round ? view.round.devices : [];
  const changed = new Map(round.devices.map((device) => [device.device, device]));
  const devices = known.map((device) => changed.get(device.device) ?? device);
  for (const { device } of known) changed.delete(device);
  return { ...news, round: { ...round, devices: [...devices, ...changed.values()] } };
}
