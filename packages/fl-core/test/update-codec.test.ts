import type { Encoding } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Norm } from '../src/clip.ts';
import { chooseEncoding } from '../src/encoding.ts';
import {
  applyMean,
  decodeSum,
  type EncodedUpdate,
  encodeUpdate,
  type LocalResult,
  meanDelta,
} from '../src/update-codec.ts';
import { PROFILES } from './profiles.ts';
import { seededWords } from './random-words.ts';

const D = 11;
const CAP = 600;
const CLIP = 2;

function encodingFor(changes: { nMax?: number; lanes?: number; range?: number } = {}): Encoding {
  const encoding = chooseEncoding(PROFILES, {
    parameters: D,
    nMax: 20,
    lanes: 2,
    range: 1,
    clip: CLIP,
    exampleCap: CAP,
    ...changes,
  });
  if (isRejection(encoding)) throw new Error(encoding.message);
  return encoding;
}

function encoded(result: LocalResult, encoding: Encoding, seed = 1): EncodedUpdate {
  const update = encodeUpdate(result, encoding, PROFILES[encoding.profile], seededWords(seed));
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

const RESULT: LocalResult = { delta: new Float32Array(D).fill(0.01), examples: 100, correct: 40, lossSum: 230.2585 };

describe('an update', () => {
  it('summed with others opens to the weighted mean of the clipped deltas, up to rounding', () => {
    fc.assert(
      fc.property(
        fc.array(local, { minLength: 3, maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (results, lanes) => {
          const encoding = encodingFor({ lanes, range: CLIP });
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
          const step = (CAP * results.length * CLIP) / encoding.lambda / total;
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
    const metadataOf = (result: LocalResult) => Array.from(encoded(result, encoding).messages.slice(-3));
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
            const value = messages.at(i - 3)!;
            expect(Number.isInteger(value) && value >= 0 && value <= bound).toBe(true);
          });
        },
      ),
    );
  });

  it.each<[string, Partial<LocalResult>, string]>([
    ['no examples', { examples: 0 }, 'no_examples'],
    ['half an example', { examples: 1.5 }, 'no_examples'],
    ['NaN examples', { examples: Number.NaN }, 'no_examples'],
    ['a loss that is not finite', { lossSum: Number.POSITIVE_INFINITY }, 'not_finite'],
    ['a NaN in the delta', { delta: new Float32Array(D).fill(Number.NaN) }, 'not_finite'],
    ['an infinite delta', { delta: new Float32Array(D).fill(Number.POSITIVE_INFINITY) }, 'not_finite'],
    ['another size', { delta: new Float32Array(D + 1) }, 'wrong_size'],
  ])('with %s is refused', (_, changes, code) => {
    const encoding = encodingFor();
    expect(encodeUpdate({ ...RESULT, ...changes }, encoding, PROFILES[encoding.profile], seededWords(1))).toMatchObject(
      {
        rejected: code,
      },
    );
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
