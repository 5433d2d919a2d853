import type { Exposure } from '@sotto/protocol/budget';
import { type Encoding, type Plan, parametersOf } from '@sotto/protocol/plan';
import { MOST_VARIANCE, type Noise } from '@sotto/protocol/privacy';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { mostLambda } from '../lanes.ts';
import { epsilonOf, ORDERS } from './accountant.ts';
import { skellamRdp } from './rdp.ts';
import { leastRange, type Scale, sensitivityOf } from './sensitivity.ts';

/** So levels and noise stay within 32 bits for ever, and Σℓ² within the integers that a double holds. */
const MOST_NOISED_LEVEL = 2 ** 30;
/** sC, levels. */
const MOST_RADIUS = 2 ** 25;

/**
 * X = T/3 + √(T²/9 + 2TV), T = ln(2·d·2^40): the noise of the sum exceeds it in any of d coordinates with a chance below 2^−40 (Bernstein's
 * inequality, V the variance of the whole sum's noise, levels²).
 */
export function noiseRoom(variance: number, coordinates: number): number {
  const t = Math.log(2 * coordinates * 2 ** 40);
  return t / 3 + Math.sqrt(t ** 2 / 9 + 2 * t * variance);
}

/** The largest λ that leaves room in a lane for the noise of as many contributors as there may be; below 1 where there is none. */
export function mostNoisedLambda(
  { nMax, lanes, ranges, clip }: Pick<Encoding, 'nMax' | 'lanes' | 'ranges' | 'clip'>,
  variance: number,
  log2t: number,
): number {
  if (variance > MOST_VARIANCE) return 0;
  const exact = Math.floor((MOST_RADIUS * leastRange(ranges)) / clip);
  const room = noiseRoom(nMax * variance, parametersOf({ ranges }));
  return Math.min(MOST_NOISED_LEVEL, exact, mostLambda(log2t, lanes, nMax, room));
}

/** What an opened sum of such levels exposes, beside the noise of as many contributors as are counted on: more of them hide more. */
export function exposureOf(scale: Scale, { variance, contributors }: Noise): Exposure {
  return { ...sensitivityOf(scale), variance: contributors * variance };
}

/** The cost ρ(α) of one opened sum, at each of ORDERS, to every device whose update is in it. */
export function costOf(exposure: Exposure): number[] {
  return ORDERS.map((alpha) => skellamRdp(alpha, exposure, exposure.variance));
}

/**
 * What a device refuses in a plan's noise: a sum that fewer may make than the noise is counted on, noise that could spoil the sum, numbers
 * opened without noise, and one round that costs more than the whole run may.
 */
export function checkNoise(
  { encoding, noise, minimumCohort }: Pick<Plan, 'encoding' | 'minimumCohort'> & { readonly noise: Noise },
  log2t: number,
): Rejection<'plan_noise'> | undefined {
  const bad = (what: string) => reject('plan_noise', `The plan's noise does not fit: ${what}.`);
  if (minimumCohort < noise.contributors)
    return bad(`it counts on ${noise.contributors} contributors, but a sum of ${minimumCohort} could be opened`);
  const most = mostNoisedLambda(encoding, noise.variance, log2t);
  if (encoding.lambda > most)
    return bad(`beside it levels up to ${encoding.lambda} could overflow; the most is ${most}`);
  if (encoding.metadata.length > 0) return bad(`${encoding.metadata[0]!.name} would be opened without noise`);
  const { epsilon, delta } = noise;
  const cost = epsilonOf(costOf(exposureOf(encoding, noise)), delta);
  if (epsilon !== null && cost > epsilon * (1 + 1e-9))
    return bad(`one round would cost ε = ${cost.toPrecision(3)}, the whole run may cost ${epsilon}`);
  return undefined;
}
