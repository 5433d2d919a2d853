import { z } from 'zod';
import { Hash, Slug, Time } from '../ids.ts';
import { MadeIn } from '../run.ts';

/** One version of a task's model. It is named by the SHA-256 of its file, and stands under the round that made it first. */
export const ModelVersion = MadeIn.extend({
  model: Hash,
  made: Time,
  /** The model that the round started from; null of one that a run began with, and no run made. */
  before: Hash.nullable(),
  /** On the coordinator's held-out examples. */
  testAccuracy: z.number(),
  testLoss: z.number(),
  /** Whose updates are in the step that made it; 0 of a model that nobody contributed to. */
  contributors: z.number().int(),
  /** Null of a model that nobody contributed to. */
  transcript: Hash.nullable(),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

export const ModelPage = z.strictObject({
  /** What participants are offered, whatever later rounds publish; null: always the latest. */
  pinned: Hash.nullable(),
  /** How many there are in all, of the run that was asked for. */
  total: z.number().int(),
  versions: z.array(ModelVersion),
});
export type ModelPage = z.infer<typeof ModelPage>;

export const ModelQuery = z.strictObject({
  run: Slug.optional(),
  order: z.enum(['latest', 'best']).default('latest'),
  most: z.coerce.number().int().min(1).max(1000).default(100),
  /** The last version of the page before this one. */
  after: Hash.optional(),
});
export type ModelQuery = z.infer<typeof ModelQuery>;

/** Counts of held-out examples, and what follows from them, of one class. */
const ClassScore = z.strictObject({
  name: z.string(),
  /** Examples of the class. */
  examples: z.number().int(),
  /** Examples that the model took for it. */
  predicted: z.number().int(),
  /** Of those it took for the class, the share that was; null where it took none for it. */
  precision: z.number().nullable(),
  /** Of those that were of the class, the share that it took for it; null where there are none. */
  recall: z.number().nullable(),
  /** 2·precision·recall / (precision + recall); null where there is neither. */
  f1: z.number().nullable(),
});
export type ClassScore = z.infer<typeof ClassScore>;

/** How a model does on the held-out examples that the coordinator has. */
export const ModelEvaluation = z.strictObject({
  /** SHA-256 of these examples, as a data set file. */
  heldOut: Hash,
  at: Time,
  examples: z.number().int(),
  correct: z.number().int(),
  accuracy: z.number(),
  /** Mean cross entropy, nats. */
  loss: z.number(),
  /** confusion[truth][prediction], counts. */
  confusion: z.array(z.array(z.number().int())),
  /** In the task's order. */
  classes: z.array(ClassScore),
});
export type ModelEvaluation = z.infer<typeof ModelEvaluation>;

export const ModelDetail = z.strictObject({
  version: ModelVersion,
  pinned: z.boolean(),
  bytes: z.number().int(),
  /** Weights; null where the file cannot be read. */
  parameters: z.number().int().nullable(),
  /** Whether it has the architecture that the task has now, so that a run can go on from it. */
  fits: z.boolean(),
  /** Runs that began with it. */
  begun: z.array(Slug),
  /** On the held-out examples that the task has now; null where nobody asked for it yet. */
  evaluation: ModelEvaluation.nullable(),
});
export type ModelDetail = z.infer<typeof ModelDetail>;

/** What made a version, and what made the one before: by rounds, the latest first, over runs that went on from others. */
export const ModelLineage = z.strictObject({
  steps: z.array(
    ModelVersion.extend({
      /** Hashes of the plans of the round: one, or one of each group. */
      plans: z.array(Hash),
    }),
  ),
  /** The version to ask about for what came before these; null when nothing did. */
  before: Hash.nullable(),
});
export type ModelLineage = z.infer<typeof ModelLineage>;

export const ModelPin = z.strictObject({ model: Hash.nullable() });
