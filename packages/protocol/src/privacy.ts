import { z } from 'zod';

/** ε of (ε, δ): how much likelier anything that becomes known may be because of one contributor, as a factor e^ε. */
export const Epsilon = z.number().min(0.01).max(1000);
/** δ: the chance that more becomes known than ε allows. It should be well below one in the number of people. */
export const Delta = z.number().min(1e-30).max(0.01);
/** How many contributors' noise is counted on: the sum has at least as many, and that many of them add theirs and tell nobody. */
const Contributors = z.number().int().min(1).max(200_000);

/**
 * Differential privacy of a whole run, for each device: the ε that may be spent, or how much noise each round has, as a multiple z of what
 * one contributor can add to the sum (then ε, where it is given, still ends the run).
 */
export const PrivacyGoal = z
  .strictObject({
    epsilon: Epsilon.optional(),
    noiseMultiplier: z.number().min(0.01).max(1000).optional(),
    delta: Delta,
    contributors: Contributors,
    /** L2 clip C of an update in this run, where it is to be tighter than the task's: noise is as loud as C, whatever devices learn. */
    clip: z.number().positive().optional(),
  })
  .refine(({ epsilon, noiseMultiplier }) => epsilon !== undefined || noiseMultiplier !== undefined, {
    path: ['epsilon'],
    error: 'say how much may be spent (epsilon), or how much noise there is (noiseMultiplier)',
  });
export type PrivacyGoal = z.infer<typeof PrivacyGoal>;

/** The samplers are proven up to means of half of it. */
export const MOST_VARIANCE = 2 ** 46;

/** The noise of one round, in its plan. Every contributor adds its part before it seals, so that only the noisy sum ever exists. */
export const Noise = z.strictObject({
  mechanism: z.literal('skellam'),
  /** V, the variance of what one contributor adds to each coordinate, levels²: an even integer. */
  variance: z.number().int().min(2).max(MOST_VARIANCE).multipleOf(2),
  /** Of so many contributors the noise is counted on; the plan's minimum cohort is at least this. */
  contributors: Contributors,
  /** What the whole run may spend; null where only the noise of a round was settled. */
  epsilon: Epsilon.nullable(),
  delta: Delta,
});
export type Noise = z.infer<typeof Noise>;
