import { z } from 'zod';

/** Larger steps than this are typing errors, and would let single-precision weights overflow. */
const MOST_RATE = 1000;
const Rate = z.number().positive().max(MOST_RATE);
const Decay = z.number().min(0).lt(1);
/** Added to √v: a divisor, hence never next to nothing. */
const Adaptability = z.number().min(1e-12).max(MOST_RATE);
/** Learning rate of the devices; without it the task's own stands. */
const LocalRate = Rate.optional();

/** What one of several, known by its name, says of a field that only others have. */
const byName = {
  error: ({ code, keys, input }: z.core.$ZodRawIssue) =>
    code === 'unrecognized_keys'
      ? `${(input as { name: string }).name} takes no ${keys?.join(' and no ')}: leave it out, or choose another name`
      : undefined,
};

/**
 * What is made of a round's mean, by the names and defaults of Flower 1.x (flwr.server.strategy). docs/LEARNING.md has the formulas,
 * their sources, and in what this differs from Flower.
 */
export const Strategy = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('FedAvg') }, byName),
  z.strictObject(
    {
      name: z.literal('FedAvgM'),
      server_learning_rate: Rate.default(1),
      server_momentum: Decay.default(0),
    },
    byName,
  ),
  z.strictObject(
    {
      name: z.literal('FedProx'),
      /** μ: how strongly a device is drawn back to the model that it started from. */
      proximal_mu: z.number().min(0).max(MOST_RATE),
    },
    byName,
  ),
  z.strictObject(
    {
      name: z.literal('FedAdam'),
      eta: Rate.default(1e-1),
      eta_l: LocalRate,
      beta_1: Decay.default(0.9),
      beta_2: Decay.default(0.99),
      tau: Adaptability.default(1e-9),
    },
    byName,
  ),
  z.strictObject(
    {
      name: z.literal('FedYogi'),
      eta: Rate.default(1e-2),
      eta_l: LocalRate,
      beta_1: Decay.default(0.9),
      beta_2: Decay.default(0.99),
      tau: Adaptability.default(1e-3),
    },
    byName,
  ),
  z.strictObject(
    {
      name: z.literal('FedAdagrad'),
      eta: Rate.default(1e-1),
      eta_l: LocalRate,
      tau: Adaptability.default(1e-9),
    },
    byName,
  ),
]);
export type Strategy = z.infer<typeof Strategy>;

/** Rounds at the beginning in which the devices' learning rate rises to its full height. */
const warmup = z.number().int().min(0).max(100_000).default(0);
const Factor = z.number().positive().max(1);

/** How the devices' learning rate changes from round to round. */
export const Schedule = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('constant'), warmup }, byName),
  /** Times `factor` after every so many rounds. */
  z.strictObject(
    { name: z.literal('step'), every: z.number().int().min(1).max(100_000), factor: Factor, warmup },
    byName,
  ),
  /** Times `factor` after each round. */
  z.strictObject({ name: z.literal('exponential'), factor: Factor, warmup }, byName),
  /** Along half a cosine, towards this share of the full rate after the last round. */
  z.strictObject({ name: z.literal('cosine'), least: z.number().min(0).max(1).default(0), warmup }, byName),
]);
export type Schedule = z.infer<typeof Schedule>;

/** A run is over once so many published rounds in a row have brought no such improvement on held-out data. */
export const EarlyStopping = z.strictObject({
  metric: z.enum(['loss', 'accuracy']),
  patience: z.number().int().min(1).max(100_000),
  minDelta: z.number().min(0).max(100).default(0),
});
export type EarlyStopping = z.infer<typeof EarlyStopping>;
