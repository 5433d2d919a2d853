import { z } from 'zod';
import { RoundNumber, Time } from '../ids.ts';
import { ProfileName } from '../plan.ts';
import { RunConfig, RunSummary } from '../run.ts';

/** A run in a list: its summary without its rounds. */
export const RunLine = RunSummary.omit({ rounds: true }).extend({
  /** Of its last round; null before the first is over. */
  endedAt: Time.nullable(),
  published: z.number().int(),
  abandoned: z.number().int(),
  /** On held-out data: of the latest model. */
  testAccuracy: z.number(),
  testLoss: z.number(),
  /** After each published round, its first model before them: at most so many that a small picture shows all. */
  curve: z.array(z.number()),
});
export type RunLine = z.infer<typeof RunLine>;

/** Newest first. */
export const RunList = z.strictObject({ runs: z.array(RunLine) });
export type RunList = z.infer<typeof RunList>;

/** What of a round is not signed: what was received in it, and how many messages were refused. */
const RoundTotals = z.strictObject({
  round: RoundNumber,
  /** Bytes, from all devices. */
  received: z.number().int(),
  refused: z.number().int(),
});
export type RoundTotals = z.infer<typeof RoundTotals>;

export const RunDetail = z.strictObject({
  run: RunSummary,
  /** Of the rounds of which it is known. */
  totals: z.array(RoundTotals),
});
export type RunDetail = z.infer<typeof RunDetail>;

/** What a run will cost, before it is started. */
export const RunPreview = z.strictObject({
  /** With every gap filled from the task; of a seed that was not given, any. */
  config: RunConfig,
  parameters: z.number().int(),
  /** Contributors that a sum has room for: the numbers below are for so many. */
  nMax: z.number().int(),
  profile: ProfileName,
  /** Weights to a coefficient, and the largest of their levels. */
  lanes: z.number().int(),
  lambda: z.number().int(),
  rotated: z.boolean(),
  /** Members that a committee has, as far as can be foreseen. */
  members: z.number().int(),
  /** Bytes that a contributor sends in a round: the ciphertext, and a box for each member. */
  uploadBytes: z.number().int(),
  ciphertextBytes: z.number().int(),
  /** Bytes of the model that every contributor fetches. */
  modelBytes: z.number().int(),
  /** From a round’s first moment to its last, if every phase takes as long as it may. */
  longestRoundMs: z.number().int(),
  /** Of a run with noise; null without. */
  privacy: z
    .strictObject({
      /** ε of one round, and of all of them. */
      oneRound: z.number(),
      atEnd: z.number(),
      /** Fewer than the run has, where its ε does not suffice for all. */
      rounds: z.number().int(),
      delta: z.number(),
      contributors: z.number().int(),
      /** Of the noise of the sum, in multiples of what one contributor can add to it. */
      noiseMultiplier: z.number(),
    })
    .nullable(),
  /** Whether a run of the task is under way: this one can begin only once that is over. */
  isBusy: z.boolean(),
});
export type RunPreview = z.infer<typeof RunPreview>;

/** What is wrong with one field of a request, by its name (`cohort.least`); null: with all of it. */
export const FieldIssue = z.strictObject({ field: z.string().nullable(), message: z.string() });
export type FieldIssue = z.infer<typeof FieldIssue>;

/** Whether a run could be started so. */
export const RunCheck = z.discriminatedUnion('fits', [
  z.strictObject({ fits: z.literal(true), preview: RunPreview }),
  z.strictObject({ fits: z.literal(false), issues: z.array(FieldIssue).min(1) }),
]);
export type RunCheck = z.infer<typeof RunCheck>;
