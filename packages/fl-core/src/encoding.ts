import { type Encoding, LEAST_COHORT, type Metadatum, type Plan, type ProfileName } from '@sotto/protocol/plan';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { UpdateScale } from '@sotto/protocol/run';
import { chooseLanes, MOST_LEVEL, mostLambda } from './lanes.ts';
import type { Calibration } from './privacy/calibration.ts';
import { checkNoise } from './privacy/noise.ts';
import { chooseRanges } from './ranges.ts';

/** What the numbers need to know of a parameter set: log2 t, and nMax at 8σ of noise. */
export interface Capacity {
  readonly log2t: number;
  readonly maxContributors: number;
}

/** What a run wants of its plans' numbers. */
export interface EncodingWishes {
  readonly parameters: number;
  readonly nMax: number;
  /** To a coefficient; `auto`: the most of four in which a level has `bits`. */
  readonly lanes: number | 'auto';
  readonly bits: number;
  /** Whether to rotate; `auto`: where levels are so few that it makes a difference. */
  readonly rotation: boolean | 'auto';
  readonly rotationSeed: number;
  /** c of one coordinate, before anything is known of their sizes. */
  readonly range: number;
  readonly clip: number;
  readonly exampleCap: number;
  /** Of the last opened round; null before it, and where ranges are fixed. */
  readonly scale: UpdateScale | null;
  /** Of the noise that is added; null: none. */
  readonly calibration: Calibration | null;
}

/** With more levels than these the rounding is finer than a rotation could make it. */
const MANY_LEVELS = 1024;
/** What `norm` counts in: a millionth of the clip. */
const NORM_PARTS = 2 ** 20;

/** Loss per example enters the metadata in thousandths and saturates at this many nats. */
const MOST_LOSS = 20;

function metadataBounds(exampleCap: number, parameters: number, log2t: number, nMax: number): Metadatum[] {
  // |value|·nMax < t/2, so that the opened sum of exact integers cannot wrap.
  const room = Math.ceil(2 ** (log2t - 1) / nMax) - 1;
  return [
    { name: 'examples', bound: exampleCap },
    { name: 'correct', bound: exampleCap },
    { name: 'lossMilli', bound: Math.min(room, exampleCap * MOST_LOSS * 1000) },
    { name: 'saturated', bound: Math.min(room, parameters) },
    { name: 'norm', bound: Math.min(room, NORM_PARTS) },
  ];
}

/**
 * The smallest parameter set (hence the finest levels) whose noise leaves room for nMax contributors, and the largest λ its lanes allow.
 */
export function chooseEncoding(
  profiles: Readonly<Record<ProfileName, Capacity>>,
  wanted: EncodingWishes,
): Encoding | Rejection<'cohort_too_large' | 'no_room'> {
  const nMax = Math.max(LEAST_COHORT, wanted.nMax);
  const fitting = (Object.entries(profiles) as [ProfileName, Capacity][])
    .filter(([, { maxContributors }]) => maxContributors >= nMax)
    .sort((a, b) => a[1].maxContributors - b[1].maxContributors)[0];
  if (!fitting) return reject('cohort_too_large', `No parameter set has room for ${nMax} contributors in one sum.`);
  const [profile, { log2t }] = fitting;
  const { parameters, clip, range: first, scale, calibration } = wanted;
  // Noise is as loud everywhere: it is best to have something to say everywhere, too (Agarwal, Kairouz, Liu 2021).
  const rotatedAt = (lambda: number) =>
    wanted.rotation === 'auto' ? calibration !== null || lambda < MANY_LEVELS : wanted.rotation;
  const rangesAt = (lambda: number) =>
    chooseRanges({ parameters, rotated: rotatedAt(lambda), lambda, clip, first, scale });
  const lambdaIn = (lanes: number) =>
    calibration?.mostLambda({ nMax, lanes, clip, rangesAt }, log2t) ??
    Math.min(MOST_LEVEL, mostLambda(log2t, lanes, nMax));
  const lanes = wanted.lanes === 'auto' ? chooseLanes(lambdaIn, wanted.bits) : wanted.lanes;
  const lambda = lambdaIn(lanes);
  const metadata = calibration ? [] : metadataBounds(wanted.exampleCap, parameters, log2t, nMax);
  if (lambda < 1 || metadata.some(({ bound }) => bound < 1 || bound * nMax >= 2 ** (log2t - 1)))
    return reject(
      'no_room',
      calibration
        ? `${lanes} lanes leave no room for a single level beside the noise of ${nMax} contributors. Use fewer lanes, a larger epsilon, fewer rounds, a smaller cohort, or count on the noise of more contributors.`
        : `${lanes} lanes and ${nMax} contributors leave no room for a single level. Use fewer lanes.`,
    );
  const rotated = rotatedAt(lambda);
  return {
    profile,
    nMax,
    lanes,
    lambda,
    ranges: rangesAt(lambda),
    ...(rotated && { rotation: { seed: wanted.rotationSeed } }),
    clip,
    exampleCap: wanted.exampleCap,
    metadata,
  };
}

/** What a device refuses in a plan's numbers: levels, noise or metadata that could wrap and spoil the sum, or noise that hides too little. */
export function checkNumbers(
  { encoding, noise, minimumCohort }: Pick<Plan, 'encoding' | 'noise' | 'minimumCohort'>,
  profiles: Readonly<Record<ProfileName, Capacity>>,
): Rejection<'plan_numbers' | 'plan_noise'> | undefined {
  const { log2t } = profiles[encoding.profile];
  return (
    checkLevels(encoding, profiles) ??
    (noise ? checkNoise({ encoding, noise, minimumCohort }, log2t) : checkMetadata(encoding, log2t))
  );
}

const bad = (what: string) => reject('plan_numbers', `The plan's numbers do not fit together: ${what}.`);

function checkLevels(
  encoding: Encoding,
  profiles: Readonly<Record<ProfileName, Capacity>>,
): Rejection<'plan_numbers'> | undefined {
  const { log2t, maxContributors } = profiles[encoding.profile];
  if (encoding.nMax > maxContributors)
    return bad(`${encoding.profile} has room for ${maxContributors} contributors, not ${encoding.nMax}`);
  const most = Math.min(MOST_LEVEL, mostLambda(log2t, encoding.lanes, encoding.nMax));
  if (encoding.lambda > most) return bad(`levels up to ${encoding.lambda} could overflow; the most is ${most}`);
  if (encoding.rotation && encoding.ranges.length !== 1) return bad('what is rotated has one range');
  return undefined;
}

function checkMetadata(encoding: Encoding, log2t: number): Rejection<'plan_numbers'> | undefined {
  for (const { name, bound } of encoding.metadata)
    if (bound * encoding.nMax >= 2 ** (log2t - 1)) return bad(`${name} up to ${bound} could overflow`);
  const names = encoding.metadata.map(({ name }) => name);
  if (new Set(names).size !== names.length || names[0] !== 'examples')
    return bad('the metadata must begin with examples and repeat nothing');
  // The mean divides by the examples that were counted: whoever weighs n/cap must be able to say n.
  if (encoding.metadata[0]?.bound !== encoding.exampleCap)
    return bad(`examples must be counted up to the cap of ${encoding.exampleCap}`);
  return undefined;
}
