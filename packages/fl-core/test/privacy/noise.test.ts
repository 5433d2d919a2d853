import type { Encoding } from '@sotto/protocol/plan';
import { Encoding as EncodingSchema } from '@sotto/protocol/plan';
import { Noise, type PrivacyGoal } from '@sotto/protocol/privacy';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNumbers, chooseEncoding, type EncodingWishes } from '../../src/encoding.ts';
import { epsilonSpent } from '../../src/privacy/budget.ts';
import { calibrate } from '../../src/privacy/calibration.ts';
import { exposureOf, mostNoisedLambda, noiseRoom } from '../../src/privacy/noise.ts';
import { sensitivityOf } from '../../src/privacy/sensitivity.ts';
import { quantise } from '../../src/quantise.ts';
import { decodeSum, encodeUpdate, type LocalResult, meanDelta } from '../../src/update-codec.ts';
import { PROFILES, wishes } from '../profiles.ts';
import { constantWords, seededWords } from '../random-words.ts';

interface Noisy {
  readonly encoding: Encoding;
  readonly noise: Noise;
  readonly minimumCohort: number;
}

/** The numbers of a plan of a run with this goal, if there is room. */
function noisy(goal: PrivacyGoal, rounds: number, changes: Partial<EncodingWishes> = {}): Noisy | undefined {
  const calibration = calibrate(goal, rounds);
  const encoding = chooseEncoding(PROFILES, wishes({ rotation: 'auto', ...changes, calibration }));
  if (isRejection(encoding)) return undefined;
  return { encoding, noise: calibration.noiseFor(encoding), minimumCohort: goal.contributors };
}

const GOAL: PrivacyGoal = { epsilon: 4, delta: 1e-5, contributors: 5 };
const PLAN = noisy(GOAL, 10, { nMax: 8, parameters: 500, clip: 2 })!;
const refused = (changes: object) => checkNumbers({ ...PLAN, ...changes } as Noisy, PROFILES);

const goals = fc.record({
  epsilon: fc.double({ min: 0.05, max: 50, noNaN: true }),
  delta: fc.constantFrom(1e-3, 1e-5, 1e-9),
  contributors: fc.integer({ min: 3, max: 500 }),
});
const shapes = fc.record({
  parameters: fc.integer({ min: 1, max: 2_000_000 }),
  nMax: fc.integer({ min: 3, max: 2000 }),
  lanes: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant('auto' as const)),
  rotation: fc.constantFrom(true, false, 'auto' as const),
  range: fc.double({ min: 1e-3, max: 10, noNaN: true }),
  clip: fc.double({ min: 1e-2, max: 100, noNaN: true }),
});

describe('the noise of a plan', () => {
  it('that a coordinator chooses is one that devices accept, that the wire lets through, and that costs what was promised', () => {
    let rooms = 0;
    fc.assert(
      fc.property(goals, fc.integer({ min: 1, max: 200 }), shapes, (goal, rounds, shape) => {
        const plan = noisy(goal, rounds, shape);
        if (!plan) return;
        rooms += 1;
        expect(checkNumbers(plan, PROFILES)).toBeUndefined();
        expect(EncodingSchema.safeParse(plan.encoding).success && Noise.safeParse(plan.noise).success).toBe(true);
        const exposure = exposureOf(plan.encoding, plan.noise);
        const spent = epsilonSpent(
          goal.delta,
          Array.from({ length: rounds }, () => [exposure]),
        );
        expect(spent).toBeLessThanOrEqual(goal.epsilon * (1 + 1e-9));
        // Nor is more noise added than is needed, but where one contributor's could hardly be less, or no order is near.
        if (plan.noise.variance > 1e4 && goal.epsilon > 0.2) expect(spent).toBeGreaterThan(0.99 * goal.epsilon);
      }),
      { numRuns: 300 },
    );
    expect(rooms).toBeGreaterThan(100);
  });

  it('is refused where a sum of fewer than it counts on could be opened', () => {
    expect(refused({ minimumCohort: 4 })).toMatchObject({
      rejected: 'plan_noise',
      message: expect.stringContaining('counts on 5 contributors'),
    });
  });

  it('is refused beside levels for which it leaves no room: one more is too many', () => {
    const { encoding, noise } = PLAN;
    const lambda = mostNoisedLambda(encoding, noise.variance, PROFILES[encoding.profile].log2t);
    expect(refused({ encoding: { ...encoding, lambda } })).toBeUndefined();
    expect(refused({ encoding: { ...encoding, lambda: lambda + 1 } })).toMatchObject({ rejected: 'plan_noise' });
    expect(refused({ noise: { ...noise, variance: 100 * noise.variance } })).toMatchObject({ rejected: 'plan_noise' });
    expect(refused({ noise: null })).toMatchObject({ rejected: 'plan_numbers' });
  });

  it('is refused beside numbers that would be opened exactly', () => {
    const metadata: Encoding['metadata'] = [{ name: 'examples', bound: PLAN.encoding.exampleCap }];
    expect(refused({ encoding: { ...PLAN.encoding, metadata } })).toMatchObject({
      rejected: 'plan_noise',
      message: expect.stringContaining('examples would be opened'),
    });
  });

  it('is refused where one round would cost more than the whole run may', () => {
    const { noise } = PLAN;
    expect(refused({ noise: { ...noise, variance: 2 * Math.floor(noise.variance / 40) } })).toMatchObject({
      rejected: 'plan_noise',
      message: expect.stringContaining('the whole run may cost 4'),
    });
    expect(refused({ noise: { ...noise, epsilon: 0.01 } })).toMatchObject({ rejected: 'plan_noise' });
    expect(refused({ noise: { ...noise, epsilon: null } })).toBeUndefined();
  });

  it('with a multiplier z is z times what one contributor can add', () => {
    const { encoding, noise } = noisy({ noiseMultiplier: 3, delta: 1e-5, contributors: 7 }, 1, { nMax: 9 })!;
    const { l2Squared } = sensitivityOf(encoding);
    expect((7 * noise.variance) / (9 * l2Squared)).toBeGreaterThanOrEqual(1);
    expect((7 * noise.variance) / (9 * l2Squared)).toBeLessThan(1.001);
    expect(noise.epsilon).toBeNull();
  });

  it('leaves its room but once in 2^40 rounds: Bernstein’s bound, as the protocol states it', () => {
    // T = ln(2·1000·2^40) = 35.33, X = T/3 + √(T²/9 + 2T·10^6).
    expect(noiseRoom(1e6, 1000)).toBeCloseTo(8417.2, 0);
    expect(noiseRoom(0, 1)).toBeCloseTo((2 / 3) * 41 * Math.LN2, 9);
  });
});

describe('an update under noise', () => {
  const D = 500;
  const local = (fill: number, examples = 10): LocalResult => ({
    delta: Float32Array.from({ length: D }, (_, i) => fill * Math.sin(i)),
    examples,
    correct: 1,
    lossSum: 1,
  });
  const encode = (result: LocalResult, plan: Pick<Noisy, 'encoding'> & { noise: Noise | null }, seed: number) => {
    const update = encodeUpdate(result, plan, PROFILES[plan.encoding.profile], seededWords(seed));
    if (isRejection(update)) throw new Error(update.message);
    return update;
  };

  it('sums with others to the sum of all levels and noises, whose mean is the mean update and whose variance is theirs', () => {
    const { encoding } = PLAN;
    const capacity = PROFILES[encoding.profile];
    const updates = Array.from({ length: 8 }, (_, i) => encode(local(0.1, 10 + i), PLAN, 100 + i));
    const messages = updates[0]!.messages.map((_, i) => updates.reduce((sum, update) => sum + update.messages[i]!, 0));
    const opened = decodeSum(messages, encoding, capacity);
    expect(opened.metadata).toEqual([]);
    expect(Array.from(opened.levels)).toEqual(
      Array.from(updates[0]!.levels, (_, i) => updates.reduce((sum, { levels }) => sum + levels[i]!, 0)),
    );
    const mean = meanDelta(opened, { ...encoding, clip: 1e9 }, 8);
    if (isRejection(mean)) throw new Error(mean.message);
    const error = mean.map((value, i) => value - 0.1 * Math.sin(i));
    const level = encoding.ranges[0]!.range / encoding.lambda;
    const deviation = (level * Math.sqrt(8 * PLAN.noise.variance)) / 8;
    const found = Math.sqrt(error.reduce((sum, x) => sum + x * x, 0) / D);
    expect(found / deviation).toBeGreaterThan(0.85);
    expect(found / deviation).toBeLessThan(1.15);
  });

  it('weighs the same whoever it is from, however many examples it was learned from', () => {
    const { encoding, noise } = PLAN;
    const quiet = { encoding, noise: { ...noise, variance: 2 } };
    const few = encode(local(0.1, 1), quiet, 1);
    const many = encode(local(-0.05, 5000), quiet, 2);
    const sum = few.messages.map((message, i) => message + many.messages[i]!);
    const mean = meanDelta(decodeSum(sum, encoding, PROFILES[encoding.profile]), encoding, 2);
    if (isRejection(mean)) throw new Error(mean.message);
    const length = Math.hypot(...local(1).delta);
    const along = mean.reduce((total, value, i) => total + value * Math.sin(i), 0) / length;
    // Half of what one learned against the other; neither is longer than the clip.
    expect(along / (0.025 * length)).toBeCloseTo(1, 1);
  });

  it('is clipped, and moves the model by no more than C however loud the noise is', () => {
    const { encoding } = PLAN;
    const { levels, norm } = encode(local(100), PLAN, 1);
    expect(norm).toBeGreaterThan(encoding.clip);
    const mean = meanDelta({ levels: Float64Array.from(levels, (level) => 5 * level), metadata: [] }, encoding, 5);
    if (isRejection(mean)) throw new Error(mean.message);
    expect(Math.hypot(...mean)).toBeLessThanOrEqual(encoding.clip * (1 + 1e-12));
  });

  it('is seldom rounded more than twice to be no longer than what the noise is made for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(1e6), (d, seed) => {
        // The worst there is: halfway between levels everywhere, and as long as the clip.
        const scale = { lambda: 1, clip: Math.sqrt(d) / 2, ranges: [{ size: d, range: 1 }] };
        const random = seededWords(seed);
        const fits = () => {
          const rounded = quantise(new Float64Array(d).fill(0.5), scale, 1, random);
          if (isRejection(rounded)) throw new Error(rounded.message);
          return rounded.levels.reduce((sum, level) => sum + level * level, 0) <= sensitivityOf(scale).l2Squared;
        };
        // 1 − β = 0.39 of them at least.
        expect(Array.from({ length: 60 }, fits).filter(Boolean).length).toBeGreaterThan(10);
      }),
    );
  });

  it('is rounded until it is that short, and not sealed otherwise', () => {
    const encoding = { ...PLAN.encoding, lambda: 1, clip: Math.sqrt(D) / 2, ranges: [{ size: D, range: 1 }] };
    const { rotation: _, ...unrotated } = encoding;
    const plan = { encoding: unrotated, noise: { ...PLAN.noise, variance: 2 } };
    const halves = { ...local(1), delta: new Float32Array(D).fill(0.5) };
    const always = (noise: Noise | null) => () =>
      encodeUpdate(halves, { ...plan, noise }, PROFILES[encoding.profile], constantWords(0));
    // These words round every half up, which is twice as long.
    expect(always(null)()).toHaveProperty('levels', new Int32Array(D).fill(1));
    expect(always(plan.noise)).toThrow('longer than the clip');
  });

  it('is refused when it is not finite, like any other', () => {
    const { encoding } = PLAN;
    const result = { ...local(1), delta: new Float32Array(D).fill(Number.NaN) };
    expect(encodeUpdate(result, PLAN, PROFILES[encoding.profile], seededWords(1))).toMatchObject({
      rejected: 'not_finite',
    });
  });
});
