import type { Encoding } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNumbers, chooseEncoding, type EncodingWishes } from '../src/encoding.ts';
import { type OpenedGroup, peaksOf, updatesOf } from '../src/ranges.ts';
import { PROFILES, wishes } from './profiles.ts';

const CLIP = 10;
const PEAKS = [
  { size: 9000, peak: 0.05 },
  { size: 1000, peak: 0.5 },
];

function chosen(changes: Partial<EncodingWishes>): Encoding {
  const encoding = chooseEncoding(PROFILES, wishes({ clip: CLIP, parameters: 10_000, ...changes }));
  if (isRejection(encoding)) throw new Error(encoding.message);
  return encoding;
}

/** A group of five whose updates were so long, and had so many coordinates cut off. */
function opened(encoding: Encoding, norm: number, cutOff = 0, contributors = 5): OpenedGroup {
  const each = (name: string, bound: number) =>
    name === 'norm' ? Math.round((norm * bound) / CLIP) : name === 'saturated' ? cutOff : 100;
  const metadata = encoding.metadata.map(({ name, bound }) => contributors * each(name, bound));
  return { encoding, contributors, metadata };
}

const scaleOf = (...args: Parameters<typeof updatesOf>) => updatesOf(...args).scale ?? null;
const rangesOf = (changes: Partial<EncodingWishes>) => chosen(changes).ranges.map(({ range }) => range);

describe('the ranges of a plan', () => {
  it('are the one of the task before anything was opened', () => {
    expect(chosen({}).ranges).toEqual([{ size: 10_000, range: 1 }]);
  });

  it('after a rotation begin as wide as an update needs that is half as long as the clip', () => {
    expect(chosen({ rotation: true, lanes: 4 }).ranges).toEqual([{ size: 10_000, range: 0.2 }]);
  });

  it('follow the length of updates: four times the largest coordinate of each tensor', () => {
    const scale = scaleOf([opened(chosen({ lanes: 4 }), 0.2)], PEAKS);
    const { ranges } = chosen({ lanes: 4, scale });
    expect(ranges.map(({ size }) => size)).toEqual([9000, 1000]);
    expect(ranges[0]!.range).toBeCloseTo(4 * 0.2 * 0.05, 4);
    expect(ranges[1]!.range).toBeCloseTo(4 * 0.2 * 0.5, 3);
  });

  it('follow the length of updates: six deviations after a rotation', () => {
    const config = { lanes: 4, rotation: true } as const;
    const scale = scaleOf([opened(chosen(config), 0.2)], PEAKS);
    expect(rangesOf({ ...config, scale })[0]).toBeCloseTo((6 * 0.2) / 100, 4);
  });

  it('of a tensor where every update was cut off are four times as wide the next time', () => {
    const mean = new Float64Array(10_000).fill(0.01);
    mean.fill(0.5, 9000);
    // All are alike: the norm of the mean is that of each.
    const peaks = peaksOf(mean, [9000, 1000]);
    const norm = Math.hypot(...mean);
    const [, wide] = rangesOf({ lanes: 4, clip: 100, scale: { norm, headroom: 6, peaks } });
    expect(wide).toBeCloseTo(4 * 0.5, 2);
  });

  it('stay as wide as they began where levels are plenty', () => {
    const scale = scaleOf([opened(chosen({ lanes: 1 }), 0.2)], PEAKS);
    expect(rangesOf({ lanes: 1, scale })).toEqual([1, 1]);
  });

  it('after a rotation grow while much is cut off, keep what is enough, and shrink again where nothing is', () => {
    const config = { lanes: 4, rotation: true } as const;
    let encoding = chosen(config);
    const change = (norm: number, cutOff = 0) => {
      const before = encoding.ranges[0]!.range;
      encoding = chosen({ ...config, scale: scaleOf([opened(encoding, norm, cutOff)], []) });
      return encoding.ranges[0]!.range / before;
    };
    change(0.2);
    expect(change(0.2, 500)).toBeCloseTo(2, 2);
    expect(change(0.2, 500)).toBeCloseTo(2, 2);
    expect(change(0.2, 20)).toBeCloseTo(1, 2);
    expect(change(0.2, 20)).toBeCloseTo(1, 2);
    expect(change(0.2)).toBeCloseTo(1 / 4, 2);
  });

  it('are numbers that devices accept, whatever the opened sums say', () => {
    const anything = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 40, -(2 ** 40), Number.MAX_SAFE_INTEGER));
    const peak = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ lanes: fc.integer({ min: 1, max: 4 }), rotation: fc.boolean() }),
        fc.array(anything, { minLength: 5, maxLength: 5 }),
        fc.tuple(peak, peak),
        (config, metadata, peaks) => {
          const group = { encoding: chosen(config), contributors: 5, metadata };
          const scale = scaleOf(
            [group],
            PEAKS.map(({ size }, i) => ({ size, peak: peaks[i]! })),
          );
          const encoding = chosen({ ...config, scale });
          expect(checkNumbers({ encoding, noise: null, minimumCohort: 3 }, PROFILES)).toBeUndefined();
          expect(encoding.ranges.reduce((total, { size }) => total + size, 0)).toBe(10_000);
          for (const { range } of encoding.ranges) expect(range > 0 && range <= CLIP).toBe(true);
        },
      ),
    );
  });

  it('follow all groups of a round together, weighed by their contributors', () => {
    const encoding = chosen({ lanes: 4 });
    const groups = [opened(encoding, 1, 100), opened(encoding, 2, 400, 10)];
    expect(scaleOf(groups, PEAKS)?.norm).toBeCloseTo((1 + 2 * 2) / 3, 4);
    expect(updatesOf(groups, PEAKS).saturated).toBeCloseTo((100 + 2 * 400) / 3 / 10_000, 12);
  });

  it('cannot follow what is not counted, as under noise', () => {
    const group = { encoding: { ...chosen({}), metadata: [] }, contributors: 5, metadata: [] };
    expect(updatesOf([group], PEAKS)).toEqual({});
    expect(updatesOf([], [])).toEqual({});
  });
});

describe('an opened mean', () => {
  it('has its largest coordinate in each tensor, over its length, and none in a tensor that is empty', () => {
    const mean = Float64Array.of(3, -4, 0, 12);
    expect(peaksOf(mean, [2, 0, 2])).toEqual([
      { size: 2, peak: Number((4 / 13).toPrecision(4)) },
      { size: 2, peak: Number((12 / 13).toPrecision(4)) },
    ]);
    expect(peaksOf(new Float64Array(4), [4])).toEqual([{ size: 4, peak: 0 }]);
  });
});
