import { z } from 'zod';
import { Hash, RoundNumber, Slug, Time } from './ids.ts';
import { Admission } from './invite.ts';
import { LEAST_COHORT } from './plan.ts';

/** How long each phase of a round may last, milliseconds. */
export const PhaseDurations = z.strictObject({
  keysMs: z.number().int().min(100).max(3_600_000),
  /** With every other phase at its longest, members' one-time keys still live less than the 24 h they may. */
  uploadMs: z
    .number()
    .int()
    .min(1000)
    .max(19 * 3_600_000),
  checkMs: z.number().int().min(1000).max(3_600_000),
  voteMs: z.number().int().min(1000).max(3_600_000),
  openMs: z.number().int().min(1000).max(3_600_000),
  /** Once every device still connected has uploaded, how long to wait for the departed ones to come back. */
  returnMs: z.number().int().min(0).max(3_600_000),
});
export type PhaseDurations = z.infer<typeof PhaseDurations>;

export const DEFAULT_DURATIONS: PhaseDurations = {
  keysMs: 15_000,
  uploadMs: 15 * 60_000,
  checkMs: 60_000,
  voteMs: 60_000,
  openMs: 60_000,
  returnMs: 10_000,
};

/** From a round's first moment to the end of its last phase, if every phase takes as long as it may. */
export function longestRoundMs({ keysMs, uploadMs, checkMs, voteMs, openMs }: PhaseDurations): number {
  return keysMs + uploadMs + checkMs + voteMs + openMs;
}

/** Most lanes are two; a run may ask for one where finer levels matter more than bytes. */
export const RunConfig = z.strictObject({
  task: Slug,
  rounds: z.number().int().min(1).max(100_000),
  /** Contributors to a round: all that are present, unless a most is given. */
  cohort: z.strictObject({
    /** Wait for this many before a round starts. */
    least: z.number().int().min(LEAST_COHORT).max(200_000),
    /** Updates a round wants, and the most it takes. */
    most: z.number().int().min(LEAST_COHORT).max(200_000),
  }),
  /**
   * How many more devices are asked than updates are wanted, so that slow ones do not hold a round: where so many are present,
   * ⌈most · overSelection⌉. Once ⌊asked / overSelection⌋ updates have come, the rest get as long again and no longer. 1 waits for everyone.
   */
  overSelection: z.number().min(1).max(3).default(1.3),
  /** Fewest contributors whose sum may be opened. */
  minimumCohort: z.number().int().min(LEAST_COHORT).max(200_000),
  committee: z.enum(['drawn', 'named']),
  /** Where it is `certified`, only devices with a `device` certificate are asked for updates, and heard. */
  admission: Admission.default('open'),
  lanes: z.number().int().min(1).max(8).default(2),
  durations: PhaseDurations.default(DEFAULT_DURATIONS),
  /** Published rounds whose ciphertexts are kept, the latest ones, so that somebody can add them up again. Transcripts stay for ever. */
  keepCiphertexts: z.number().int().min(0).max(100).default(1),
  /** Fixes initial weights and selection; never keys or noise. */
  seed: z.number().int().min(0).max(0xffff_ffff),
});
export type RunConfig = z.infer<typeof RunConfig>;

/** Where a round stands, as everybody may know it. */
export const Phase = z.enum([
  'waiting',
  'summoning',
  'planning',
  'collecting',
  'checking',
  'voting',
  'opening',
  'publishing',
]);
export type Phase = z.infer<typeof Phase>;

export const RoundOutcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('published'),
    round: RoundNumber,
    contributors: z.number().int(),
    testAccuracy: z.number(),
    testLoss: z.number(),
    /** Mean over the contributors' own examples, from the opened metadata; null when no examples were counted. */
    trainAccuracy: z.number().nullable(),
    model: Hash,
    transcript: Hash,
    startedAt: Time,
    endedAt: Time,
    /** Milliseconds in each phase. */
    phases: z.record(z.string(), z.number()),
    /** Median over contributors of everything one of them sent, bytes. */
    uploadBytes: z.number(),
  }),
  z.strictObject({
    kind: z.literal('abandoned'),
    round: RoundNumber,
    reason: z.string(),
    startedAt: Time,
    endedAt: Time,
  }),
]);
export type RoundOutcome = z.infer<typeof RoundOutcome>;
export type PublishedRound = Extract<RoundOutcome, { kind: 'published' }>;

/** A paused run begins no round until it is resumed; a finished or stopped one never again. */
export const RunState = z.enum(['running', 'paused', 'finished', 'stopped']);

export const RunSummary = z.strictObject({
  run: Slug,
  task: Slug,
  state: RunState,
  /** Why a run is paused or stopped, for people. */
  note: z.string().nullable(),
  config: RunConfig,
  startedAt: Time,
  /** Model of round 0, before anybody contributed. */
  initial: z.strictObject({ model: Hash, testAccuracy: z.number(), testLoss: z.number() }),
  rounds: z.array(RoundOutcome),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** What everyone on a task's page may see right now. Counts only, no names. */
export const Status = z.strictObject({
  task: Slug,
  /** Devices connected and willing. */
  present: z.number().int(),
  /** Devices a round waits for. */
  needed: z.number().int(),
  run: Slug.nullable(),
  /** Of the latest run; null before the first. */
  state: RunState.nullable(),
  rounds: z.number().int(),
  round: z.number().int(),
  phase: Phase,
  /** Devices asked for an update, and how many sent one, in the present round. */
  cohort: z.number().int(),
  contributors: z.number().int(),
  deadline: Time.nullable(),
  /** Before this no round begins: the last ones were abandoned. */
  nextRoundAt: Time.nullable(),
  /** After a lost connection, devices come back at a random moment within so many milliseconds, lest all come at once. */
  reconnectMs: z.number().int().min(0).max(3_600_000),
  history: z.array(
    z.strictObject({ round: z.number().int(), accuracy: z.number(), loss: z.number(), contributors: z.number().int() }),
  ),
});
export type Status = z.infer<typeof Status>;
