import { z } from 'zod';

/** More groups than these would be opened one by one for little: each is a committee's whole work. */
const MOST_GROUPS = 64;

/** The cohort of a round in so many random groups, each with a plan, keys, a floor and a sum of its own. */
export const Groups = z
  .strictObject({
    count: z.number().int().min(2).max(MOST_GROUPS),
    /** With fewer groups than these the round has no result. */
    least: z.number().int().min(1).max(MOST_GROUPS),
  })
  .refine(({ count, least }) => least <= count, { message: 'least may not exceed count', path: ['least'] });
export type Groups = z.infer<typeof Groups>;

/** How the means of the groups become one, so that a group that was made to mislead moves little. */
export const Robust = z.strictObject({
  rule: z.enum(['median', 'trimmed-mean']),
  /** Of the trimmed mean: at least this share of the groups is left out at each end, coordinate by coordinate. */
  trim: z.number().min(0).lt(0.5).default(0.2),
  /** Whether a group is first tried on the held-out examples by itself, and left out if it makes the model worse. */
  gate: z.boolean().default(true),
  /** Accuracy that a group may cost before the gate leaves it out. */
  tolerance: z.number().min(0).max(1).default(0.05),
});
export type Robust = z.infer<typeof Robust>;

/** A round whose model is so much worse on the held-out examples than the run's best has no result. */
export const Guard = z.strictObject({
  /** Accuracy it may cost, as long as the loss does not grow as well. */
  mostDrop: z.number().min(0).max(1).default(0.2),
  /** What may be added to the loss, nats. */
  mostRise: z.number().min(0).default(2),
});
export type Guard = z.infer<typeof Guard>;
