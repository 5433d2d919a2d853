import { z } from 'zod';

/**
 * What one contributor can have added to a sum that was opened, and the noise that hid it, in levels: all that the accountant needs to know
 * of an opened sum. Kept with the outcome of its round, so that what a run has spent follows from its outcomes alone.
 */
export const Exposure = z.strictObject({
  /** Δ1 and Δ2² of one update. */
  l1: z.number().positive(),
  l2Squared: z.number().positive(),
  /** Of the noise of as many contributors as the plan counts on. */
  variance: z.number().positive(),
});
export type Exposure = z.infer<typeof Exposure>;

/** What a run with noise may spend, and has: (ε, δ) for each device, whatever it contributed to. */
export const Budget = z.strictObject({
  /** What the run may spend; null: no limit was set. */
  epsilon: z.number().nullable(),
  delta: z.number(),
  /** How many contributors' noise is counted on. */
  contributors: z.number().int(),
  /** ε of all rounds opened so far, published or not. */
  spent: z.number(),
  /** ε once the rounds still planned are opened, too, or as many of them as the limit allows. */
  atEnd: z.number(),
  /** Rounds that can still be opened within the limit; null: without one. */
  roundsLeft: z.number().int().nullable(),
});
export type Budget = z.infer<typeof Budget>;
