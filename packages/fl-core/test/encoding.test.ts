import type { Encoding, ProfileName } from '@sotto/protocol/plan';
import { Encoding as EncodingSchema } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNumbers, chooseEncoding, type EncodingWishes } from '../src/encoding.ts';
import { MOST_LEVEL } from '../src/lanes.ts';
import { PROFILES, wishes } from './profiles.ts';

const wanted = fc.record({
  parameters: fc.integer({ min: 1, max: 10_000_000 }),
  nMax: fc.integer({ min: 1, max: 250_000 }),
  lanes: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant('auto' as const)),
  bits: fc.integer({ min: 2, max: 16 }),
  rotation: fc.constantFrom(true, false, 'auto' as const),
  rotationSeed: fc.nat(2 ** 32 - 1),
  range: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  clip: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  exampleCap: fc.integer({ min: 1, max: 1_000_000 }),
  scale: fc.constant(null),
  calibration: fc.constant(null),
});

function chosen(changes: Partial<EncodingWishes> = {}): Encoding {
  const encoding = chooseEncoding(PROFILES, wishes(changes));
  if (isRejection(encoding)) throw new Error(encoding.message);
  return encoding;
}

/** Without noise, and with the least floor. */
const check = (encoding: Encoding) => checkNumbers({ encoding, noise: null, minimumCohort: 3 }, PROFILES);

describe('the numbers of a plan', () => {
  it('that a coordinator chooses are numbers that devices accept, and that the wire lets through', () => {
    fc.assert(
      fc.property(wanted, (wish) => {
        const encoding = chooseEncoding(PROFILES, wish);
        if (isRejection(encoding)) return;
        expect(check(encoding)).toBeUndefined();
        expect(EncodingSchema.safeParse(encoding).success).toBe(true);
        expect(encoding.nMax).toBeGreaterThanOrEqual(wish.nMax);
      }),
    );
  });

  it('leave no slack: one level, contributor or metadatum more is refused', () => {
    fc.assert(
      fc.property(wanted, (wish) => {
        const encoding = chooseEncoding(PROFILES, wish);
        if (isRejection(encoding)) return;
        const { log2t, maxContributors } = PROFILES[encoding.profile];
        const refuses = (changes: Partial<Encoding>) =>
          expect(check({ ...encoding, ...changes })).toMatchObject({ rejected: 'plan_numbers' });
        refuses({ lambda: encoding.lambda + 1 });
        refuses({ nMax: maxContributors + 1 });
        refuses({ metadata: [{ name: 'examples', bound: Math.ceil(2 ** (log2t - 1) / encoding.nMax) }] });
      }),
    );
  });

  it('take the smallest parameter set that has room, hence the finest levels', () => {
    const profileFor = (nMax: number): ProfileName => chosen({ nMax }).profile;
    expect([3, 47, 48, 774, 775, 12_452].map(profileFor)).toEqual(['n47', 'n47', 'n774', 'n774', 'n12k', 'n12k']);
    expect(chosen({ nMax: 199_643, lanes: 1 }).profile).toBe('n199k');
    expect(chooseEncoding(PROFILES, wishes({ nMax: 199_644, lanes: 1, exampleCap: 1 }))).toMatchObject({
      rejected: 'cohort_too_large',
    });
  });

  it('are refused where lanes leave no level', () => {
    expect(chooseEncoding(PROFILES, wishes({ nMax: 199_643, exampleCap: 1 }))).toMatchObject({ rejected: 'no_room' });
  });

  it('keep levels within 32 bits even where one lane has room for more', () => {
    const encoding = chosen({ nMax: 47, lanes: 1 });
    expect(encoding.lambda).toBe(MOST_LEVEL);
    expect(check({ ...encoding, lambda: MOST_LEVEL + 1 })).toMatchObject({
      rejected: 'plan_numbers',
    });
  });

  it('put as many lanes into a coefficient, of four, as leave levels of the bits that are wanted', () => {
    const lanesFor = (nMax: number, bits: number) => chosen({ nMax, bits, lanes: 'auto' }).lanes;
    expect([3, 10, 47, 774, 12_452].map((nMax) => lanesFor(nMax, 4))).toEqual([4, 4, 4, 2, 2]);
    expect([3, 10, 47, 774].map((nMax) => lanesFor(nMax, 8))).toEqual([4, 3, 3, 2]);
    expect([10, 47].map((nMax) => lanesFor(nMax, 12))).toEqual([2, 2]);
    expect(lanesFor(774, 16)).toBe(1);
  });

  it('rotate where levels are few, and never where there are plenty, unless told otherwise', () => {
    expect(chosen({ lanes: 4, rotation: 'auto', rotationSeed: 5 }).rotation).toEqual({ seed: 5 });
    expect(chosen({ lanes: 2, rotation: 'auto' }).rotation).toBeUndefined();
    expect(chosen({ lanes: 4, rotation: false }).rotation).toBeUndefined();
    expect(chosen({ lanes: 2, rotation: true }).rotation).toBeDefined();
  });

  it('have one range after a rotation: more are refused', () => {
    const encoding = chosen({ rotation: true });
    expect(encoding.ranges).toHaveLength(1);
    const ranges = [60, 40].map((size) => ({ size, range: 1 }));
    expect(check({ ...encoding, ranges })).toMatchObject({ rejected: 'plan_numbers' });
  });

  it('begin their metadata with the examples, up to the cap, and repeat nothing', () => {
    const encoding = chosen();
    const [examples, correct] = encoding.metadata;
    const refuses = (metadata: Encoding['metadata']) =>
      expect(check({ ...encoding, metadata })).toMatchObject({ rejected: 'plan_numbers' });
    refuses([correct!, examples!]);
    refuses([examples!, correct!, correct!]);
    refuses([examples!, examples!]);
    refuses([{ ...examples!, bound: encoding.exampleCap - 1 }]);
    refuses([]);
    expect(check({ ...encoding, metadata: [examples!] })).toBeUndefined();
  });
});
