import type { Encoding } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Norm } from '../src/clip.ts';
import { chooseEncoding, type EncodingWishes } from '../src/encoding.ts';
import {
  applyMean,
  decodeSum,
  type EncodedUpdate,
  encodeUpdate,
  type LocalResult,
  meanDelta,
} from '../src/update-codec.ts';
import { PROFILES, wishes } from './profiles.ts';
import { seededWords } from './random-words.ts';

const D = 11;
const CAP = 600;
const CLIP = 2;

function encodingFor(changes: Partial<EncodingWishes> = {}): Encoding {
  const encoding = chooseEncoding(
    PROFILES,
    wishes({ parameters: D, nMax: 20, clip: CLIP, exampleCap: CAP, ...changes }),
  );
  if (isRejection(encoding)) throw new Error(encoding.message);
  return encoding;
}

function encoded(result: LocalResult, encoding: Encoding, seed = 1): EncodedUpdate {
  const update = encodeUpdate(result, { encoding, noise: null }, PROFILES[encoding.profile], seededWords(seed));
  if (isRejection(update)) throw new Error(update.message);
  return update;
}

function added(updates: readonly EncodedUpdate[]): Float64Array {
  return updates[0]!.messages.map((_, i) => updates.reduce((sum, { messages }) => sum + messages[i]!, 0));
}

const local = fc.record({
  delta: fc.float32Array({ minLength: D, maxLength: D, noNaN: true, min: -4, max: 4 }).map((x) => Float32Array.from(x)),
  examples: fc.integer({ min: 1, max: 3 * CAP }),
  correct: fc.nat(CAP),
  lossSum: fc.double({ min: 0, max: 1e4, noNaN: true }),
});

/** As wide as the clip: nothing is cut off, wherever a rotation puts it. */
const WIDE = { norm: CLIP, headroom: 256, peaks: null };

const RESULT: LocalResult = { delta: new Float32Array(D).fill(0.01), examples: 100, correct: 40, lossSum: 230.2585 };

describe('an update', () => {
  it('summed with others opens to the weighted mean of the clipped deltas, up to rounding', () => {
    fc.assert(
      fc.property(
        fc.array(local, { minLength: 3, maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (results, lanes, rotation) => {
          const encoding = encodingFor({ lanes, rotation, range: CLIP, scale: rotation ? WIDE : null });
          const sum = decodeSum(
            added(results.map((result, i) => encoded(result, encoding, i))),
            encoding,
            PROFILES[encoding.profile],
          );
          const mean = meanDelta(sum, encoding, results.length);
          if (isRejection(mean)) throw new Error(mean.message);
          const weights = results.map(({ examples }) => Math.min(examples, CAP));
          const total = weights.reduce((a, b) => a + b, 0);
          expect(sum.metadata[0]).toBe(total);
          const step = (CAP * results.length * encoding.ranges[0]!.range) / encoding.lambda / total;
          const expected = Float64Array.from({ length: D }, (_, i) =>
            results.reduce((value, { delta }, k) => {
              const norm = l2Norm(delta);
              return value + (weights[k]! * delta[i]! * Math.min(1, norm > 0 ? CLIP / norm : 1)) / total;
            }, 0),
          );
          // Clipping the opened mean moves it by no more than the rounding did.
          const tolerance = step * (1 + Math.sqrt(D)) + 1e-6;
          for (let i = 0; i < D; i++) expect(Math.abs(mean[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance);
        },
      ),
    );
  });

  it('opens to exactly the sum of the quantised levels and of the metadata', () => {
    fc.assert(
      fc.property(
        fc.array(local, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        (results, lanes) => {
          const encoding = encodingFor({ lanes, nMax: 15 });
          const updates = results.slice(0, 15).map((result, i) => encoded(result, encoding, i));
          const { levels } = decodeSum(added(updates), encoding, PROFILES[encoding.profile]);
          for (let i = 0; i < D; i++)
            expect(levels[i]).toBe(updates.reduce((sum, update) => sum + update.levels[i]!, 0));
        },
      ),
    );
  });

  it('counts at most the cap of its examples, and its rates stay what they are', () => {
    const encoding = encodingFor();
    const metadataOf = (result: LocalResult) => Array.from(encoded(result, encoding).messages.slice(-5, -2));
    expect(metadataOf(RESULT)).toEqual([100, 40, 230_259]);
    expect(metadataOf({ ...RESULT, examples: 1200, correct: 900, lossSum: 1200 })).toEqual([600, 450, 600_000]);
  });

  it('keeps its metadata within the plan whatever the numbers', () => {
    const encoding = encodingFor();
    fc.assert(
      fc.property(
        fc.integer({ min: 1 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (examples, correct, lossSum) => {
          const { messages } = encoded({ ...RESULT, examples, correct, lossSum }, encoding);
          encoding.metadata.forEach(({ bound }, i) => {
            const value = messages.at(i - encoding.metadata.length)!;
            expect(Number.isInteger(value) && value >= 0 && value <= bound).toBe(true);
          });
        },
      ),
    );
  });

  it('says how much of it was cut off, and how long it was in parts of the clip', () => {
    const encoding = encodingFor({ range: 0.5 });
    const says = (delta: Float32Array, examples: number) =>
      Array.from(encoded({ ...RESULT, delta, examples }, encoding).messages.slice(-2));
    const delta = new Float32Array(D);
    delta.set([0.6, -0.7, 0.5]);
    expect(says(delta, CAP)).toEqual([2, Math.round((l2Norm(delta) / CLIP) * 2 ** 20)]);
    // Half the weight, half the length: nothing leaves the range any more.
    expect(says(delta, CAP / 2)).toEqual([0, Math.round((l2Norm(delta) / CLIP / 2) * 2 ** 20)]);
    // What is longer than the clip is as long as the clip.
    expect(says(new Float32Array(D).fill(9), CAP)).toEqual([D, 2 ** 20]);
  });

  it('that is rotated is unbiased, however few levels there are', () => {
    const encoding = encodingFor({ rotation: true, lanes: 8, nMax: 3, scale: WIDE });
    expect(encoding.lambda).toBeLessThan(6);
    const delta = Float32Array.from({ length: D }, (_, i) => Math.sin(i * i) / 3);
    const draws = 20_000;
    const total = new Float64Array(D);
    for (let seed = 0; seed < draws; seed++) {
      const { messages } = encoded({ ...RESULT, delta, examples: CAP }, encoding, seed);
      const opened = decodeSum(messages, encoding, PROFILES[encoding.profile]);
      const mean = meanDelta(opened, { ...encoding, clip: 100 }, 1);
      if (isRejection(mean)) throw new Error(mean.message);
      for (let i = 0; i < D; i++) total[i]! += mean[i]! / draws;
    }
    // One rounding deviates by half a level at the most, and a rotation leaves deviations as they are.
    const deviation = encoding.ranges[0]!.range / encoding.lambda / 2 / Math.sqrt(draws);
    for (let i = 0; i < D; i++) expect(Math.abs(total[i]! - delta[i]!)).toBeLessThan(5 * deviation);
  });

  it.each([2, 3, 4])('at the most of every level fits %i lanes with nMax others like it', (lanes) => {
    for (const nMax of [3, 10, 47, 200]) {
      const encoding = encodingFor({ lanes, nMax, range: 1e-6 });
      const { messages } = encoded({ ...RESULT, delta: new Float32Array(D).fill(1), examples: CAP }, encoding);
      const { levels, metadata } = decodeSum(
        messages.map((value) => nMax * value),
        encoding,
        PROFILES[encoding.profile],
      );
      expect(new Set(levels)).toEqual(new Set([nMax * encoding.lambda]));
      expect(metadata.slice(3)).toEqual([nMax * D, nMax * encoding.metadata[4]!.bound]);
    }
  });

  it.each<[string, Partial<LocalResult>, string]>([
    ['no examples', { examples: 0 }, 'no_examples'],
    ['half an example', { examples: 1.5 }, 'no_examples'],
    ['NaN examples', { examples: Number.NaN }, 'no_examples'],
    ['a loss that is not finite', { lossSum: Number.POSITIVE_INFINITY }, 'not_finite'],
    ['a NaN in the delta', { delta: new Float32Array(D).fill(Number.NaN) }, 'not_finite'],
    ['an infinite delta', { delta: new Float32Array(D).fill(Number.POSITIVE_INFINITY) }, 'not_finite'],
    ['a delta a thousand times as long as the clip', { delta: new Float32Array(D).fill(1e3) }, 'out_of_range'],
    ['another size', { delta: new Float32Array(D + 1) }, 'wrong_size'],
  ])('with %s is refused', (_, changes, code) => {
    const encoding = encodingFor();
    expect(
      encodeUpdate({ ...RESULT, ...changes }, { encoding, noise: null }, PROFILES[encoding.profile], seededWords(1)),
    ).toMatchObject({
      rejected: code,
    });
  });
});

describe('the opened mean', () => {
  it('moves the model by at most C, whatever the sum holds', () => {
    const encoding = encodingFor();
    const anything = fc.array(
      fc.oneof(fc.integer({ min: -(2 ** 20), max: 2 ** 20 - 1 }), fc.constantFrom(0, 2 ** 20 - 1)),
      {
        minLength: D,
        maxLength: D,
      },
    );
    fc.assert(
      fc.property(anything, fc.integer({ min: 3, max: 20 }), fc.nat(20 * CAP), (levels, contributors, examples) => {
        const mean = meanDelta(
          { levels: Float64Array.from(levels), metadata: [examples, 0, 0] },
          encoding,
          contributors,
        );
        if (isRejection(mean)) return;
        expect(l2Norm(mean)).toBeLessThanOrEqual(CLIP * (1 + 1e-12));
      }),
    );
  });

  it.each([0, 2, -1, -5, 3 * CAP + 1, 2 ** 40, Number.NaN])(
    'is refused when three contributors would have %s examples',
    (examples) => {
      const sum = { levels: new Float64Array(D), metadata: [examples, 0, 0] };
      expect(isRejection(meanDelta(sum, encodingFor(), 3))).toBe(true);
    },
  );

  it.each([3, 3 * CAP])('is accepted when they have %s', (examples) => {
    const sum = { levels: new Float64Array(D), metadata: [examples, 0, 0] };
    expect(meanDelta(sum, encodingFor(), 3)).toEqual(new Float64Array(D));
  });

  it('is added to the weights in float32', () => {
    expect(applyMean(Float32Array.of(1, 2), Float64Array.of(0.5, -0.25))).toEqual(Float32Array.of(1.5, 1.75));
  });
});
