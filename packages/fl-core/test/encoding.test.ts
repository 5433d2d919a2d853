import type { Encoding, ProfileName } from '@sotto/protocol/plan';
import { Encoding as EncodingSchema } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEncoding, chooseEncoding } from '../src/encoding.ts';
import { MOST_LEVEL } from '../src/lanes.ts';
import { PROFILES } from './profiles.ts';

const wanted = fc.record({
  parameters: fc.integer({ min: 1, max: 10_000_000 }),
  nMax: fc.integer({ min: 1, max: 250_000 }),
  lanes: fc.integer({ min: 1, max: 8 }),
  range: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  clip: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  exampleCap: fc.integer({ min: 1, max: 1_000_000 }),
});

function chosen(changes: Partial<Parameters<typeof chooseEncoding>[1]> = {}): Encoding {
  const encoding = chooseEncoding(PROFILES, {
    parameters: 100,
    nMax: 10,
    lanes: 2,
    range: 1,
    clip: 1,
    exampleCap: 600,
    ...changes,
  });
  if (isRejection(encoding)) throw new Error(encoding.message);
  return encoding;
}

describe('the numbers of a plan', () => {
  it('that a coordinator chooses are numbers that devices accept, and that the wire lets through', () => {
    fc.assert(
      fc.property(wanted, (wish) => {
        const encoding = chooseEncoding(PROFILES, wish);
        if (isRejection(encoding)) return;
        expect(checkEncoding(encoding, PROFILES)).toBeUndefined();
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
          expect(checkEncoding({ ...encoding, ...changes }, PROFILES)).toMatchObject({ rejected: 'plan_numbers' });
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
    expect(
      chooseEncoding(PROFILES, { parameters: 1, nMax: 199_644, lanes: 1, range: 1, clip: 1, exampleCap: 1 }),
    ).toMatchObject({ rejected: 'cohort_too_large' });
  });

  it('are refused where lanes leave no level', () => {
    expect(
      chooseEncoding(PROFILES, { parameters: 1, nMax: 199_643, lanes: 2, range: 1, clip: 1, exampleCap: 1 }),
    ).toMatchObject({ rejected: 'no_room' });
  });

  it('keep levels within 32 bits even where one lane has room for more', () => {
    const encoding = chosen({ nMax: 47, lanes: 1 });
    expect(encoding.lambda).toBe(MOST_LEVEL);
    expect(checkEncoding({ ...encoding, lambda: MOST_LEVEL + 1 }, PROFILES)).toMatchObject({
      rejected: 'plan_numbers',
    });
  });

  it('begin their metadata with the examples, up to the cap, and repeat nothing', () => {
    const encoding = chosen();
    const [examples, correct] = encoding.metadata;
    const refuses = (metadata: Encoding['metadata']) =>
      expect(checkEncoding({ ...encoding, metadata }, PROFILES)).toMatchObject({ rejected: 'plan_numbers' });
    refuses([correct!, examples!]);
    refuses([examples!, correct!, correct!]);
    refuses([examples!, examples!]);
    refuses([{ ...examples!, bound: encoding.exampleCap - 1 }]);
    expect(checkEncoding({ ...encoding, metadata: [examples!] }, PROFILES)).toBeUndefined();
  });
});
