import { z } from 'zod';
import { Budget, Exposure } from './budget.ts';
import { Group, Hash, Revision, RoundNumber, Slug, Time } from './ids.ts';
import { Admission } from './invite.ts';
import { LEAST_COHORT } from './plan.ts';
import { PrivacyGoal } from './privacy.ts';
import { Groups, Guard, Robust } from './robustness.ts';
import { EarlyStopping, Schedule, Strategy } from './strategy.ts';

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

/** More devices are asked for no round. */
export const LARGEST_COHORT = 200_000;

export const RunConfig = z.strictObject({
  task: Slug,
  rounds: z.number().int().min(1).max(100_000),
  /** Contributors to a round: all that are present, unless a most is given. */
  cohort: z.strictObject({
    /** Wait for this many before a round starts. */
    least: z.number().int().min(LEAST_COHORT).max(LARGEST_COHORT),
    /** Updates a round wants, and the most it takes. */
    most: z.number().int().min(LEAST_COHORT).max(LARGEST_COHORT),
  }),
  /**
   * How many more devices are asked than updates are wanted, so that slow ones do not hold a round: where so many are present,
   * ⌈most · overSelection⌉. Once ⌊asked / overSelection⌋ updates have come, the rest get as long again and no longer. 1 waits for everyone.
   */
  overSelection: z.number().min(1).max(3).default(1.3),
  /** Fewest contributors whose sum may be opened. */
  minimumCohort: z.number().int().min(LEAST_COHORT).max(LARGEST_COHORT),
  committee: z.enum(['drawn', 'named']),
  /** Where it is `certified`, only devices with a `device` certificate are asked for updates, and heard. */
  admission: Admission.default('open'),
  /** Coordinates to a coefficient; `auto`: the most, of four, in which a level has `bits`. Fewer where finer levels matter more than bytes. */
  lanes: z.union([z.number().int().min(1).max(8), z.literal('auto')]).default(2),
  bits: z.number().int().min(2).max(24).default(4),
  /** Whether updates are rotated before they are rounded; `auto`: where there are few levels. */
  rotation: z.union([z.boolean(), z.literal('auto')]).default('auto'),
  /** Whether the range of a coordinate follows what earlier rounds opened, or stays that of the first. */
  ranges: z.enum(['fixed', 'adaptive']).default('adaptive'),
  durations: PhaseDurations.default(DEFAULT_DURATIONS),
  /** Noise that every contributor adds, and what the whole run may cost a device; null: none. */
  dp: PrivacyGoal.nullable().default(null),
  /** Published rounds whose ciphertexts are kept, the latest ones, so that somebody can add them up again. Transcripts stay for ever. */
  keepCiphertexts: z.number().int().min(0).max(100).default(1),
  /** What is made of a round's mean. */
  strategy: Strategy.default({ name: 'FedAvg' }),
  /** How the devices' learning rate changes from round to round. */
  schedule: Schedule.default({ name: 'constant', warmup: 0 }),
  /** When a run is over before its last round; null: never. */
  earlyStopping: EarlyStopping.nullable().default(null),
  /** Of the devices present, the share whose updates a round wants: never fewer than `cohort.least`, nor more than `cohort.most`. */
  fractionFit: z.number().positive().max(1).default(1),
  /** Null: the cohort is opened whole. */
  groups: Groups.nullable().default(null),
  /** Null: the means of groups count as much as their contributors do. */
  robust: Robust.nullable().default(null),
  guard: Guard.prefault({}),
  /** SHA-256 of the version of the task's model to begin with; none: the task's own weights, or ones drawn from the seed. */
  startFrom: Hash.optional(),
  /** Fixes initial weights, selection and groups; never keys or noise. */
  seed: z.number().int().min(0).max(0xffff_ffff),
});
export type RunConfig = z.infer<typeof RunConfig>;

/** Of a round under noise that any member helped to open, whether or not it was published. */
const Spending = {
  /** What its sums exposed, one entry a group with numbers of its own. */
  exposures: z.array(Exposure).min(1).optional(),
  /** ε that the run had spent after it. */
  epsilon: z.number().optional(),
};

/** Where a round stands, as everybody may know it, in the order in which it gets there. */
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

/** What is opened of the size of updates, over all contributors to a round (@sotto/fl-core/ranges). */
export const UpdateScale = z.strictObject({
  /** Mean L2 norm of an update as it is rounded: clipped and weighted. */
  norm: z.number().positive(),
  /** How many times a coordinate's deviation a rotated update's range shall be. */
  headroom: z.number().positive(),
  /** Of each tensor in the opened mean: its size, and its largest coordinate over the mean's L2 norm. Null after a rotation, which makes all alike. */
  peaks: z.array(z.strictObject({ size: z.number().int().min(1), peak: z.number().min(0) })).nullable(),
});
export type UpdateScale = z.infer<typeof UpdateScale>;
/** What became of one group of a round. */
const GroupOutcome = z.strictObject({
  group: Group,
  contributors: z.number().int(),
  /** Whether its mean went into the model. */
  kept: z.boolean(),
  /** Why not: what it was abandoned for, or `gate`. */
  reason: z.string().optional(),
  /** On the held-out examples, of the model before plus this group's mean alone; where it was tried. */
  accuracy: z.number().optional(),
});
export type GroupOutcome = z.infer<typeof GroupOutcome>;

export const RoundOutcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('published'),
    round: RoundNumber,
    contributors: z.number().int(),
    testAccuracy: z.number(),
    testLoss: z.number(),
    /** Of the model before, over the contributors' own examples, from the opened metadata; null where not counted, or impossible. */
    trainAccuracy: z.number().nullable(),
    /** The same of its mean loss, nats. Rounds of old do not say. */
    trainLoss: z.number().nullable().optional(),
    model: Hash,
    /** What the run's strategy remembers after this round; null where it keeps nothing. */
    state: Hash.nullable().optional(),
    /** L2 norm of the round's mean: the clip C where it had to be clipped. */
    norm: z.number().optional(),
    /** Of the devices, in this round. */
    learningRate: z.number().optional(),
    transcript: Hash,
    /** Share of all coordinates that were beyond their range, and counted as its end. */
    saturated: z.number().optional(),
    /** How large updates were, for the ranges of the next round. */
    scale: UpdateScale.optional(),
    startedAt: Time,
    endedAt: Time,
    /** Milliseconds in each phase. */
    phases: z.record(z.string(), z.number()),
    /** Median over contributors of everything one of them sent, bytes. */
    uploadBytes: z.number(),
    ...Spending,
    /** Of a round in groups. */
    groups: z.array(GroupOutcome).optional(),
  }),
  z.strictObject({
    kind: z.literal('abandoned'),
    round: RoundNumber,
    reason: z.string(),
    startedAt: Time,
    endedAt: Time,
    ...Spending,
    /** Whether any member had opened a sum: then the round counts as seen. Rounds of old do not say. */
    opened: z.boolean().optional(),
    groups: z.array(GroupOutcome).optional(),
  }),
]);
export type RoundOutcome = z.infer<typeof RoundOutcome>;
export type PublishedRound = Extract<RoundOutcome, { kind: 'published' }>;

/** Where a model was made: round 0 is what a run began with, before anybody contributed. */
export const MadeIn = z.strictObject({ run: Slug, round: z.union([z.literal(0), RoundNumber]) });
export type MadeIn = z.infer<typeof MadeIn>;

/** A paused run begins no round until it is resumed; a finished or stopped one never again. */
export const RunState = z.enum(['running', 'paused', 'finished', 'stopped']);

export const RunSummary = z.strictObject({
  run: Slug,
  task: Slug,
  /** Of the task, by which it learns; of a folder's task there are none. */
  revision: Revision.optional(),
  state: RunState,
  /** Why a run is paused or stopped, for people. */
  note: z.string().nullable(),
  config: RunConfig,
  startedAt: Time,
  /** Model of round 0, before anybody contributed to this run. */
  initial: z.strictObject({
    model: Hash,
    testAccuracy: z.number(),
    testLoss: z.number(),
    /** The run and round that made it, where the run goes on from a version that there was. */
    from: MadeIn.optional(),
  }),
  rounds: z.array(RoundOutcome),
  /** The model that did best on held-out data: that of a published round, or of round 0. */
  best: z.strictObject({
    round: MadeIn.shape.round,
    model: Hash,
    testAccuracy: z.number(),
    testLoss: z.number(),
  }),
  /** Null in a run without noise. */
  budget: Budget.nullable(),
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
  /** Of the latest run; null before the first, and in one without noise. */
  budget: Budget.nullable(),
  history: z.array(
    z.strictObject({ round: z.number().int(), accuracy: z.number(), loss: z.number(), contributors: z.number().int() }),
  ),
});
export type Status = z.infer<typeof Status>;
