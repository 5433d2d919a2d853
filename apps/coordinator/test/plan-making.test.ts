import type { Encoding } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { RunConfig, type UpdateScale } from '@sotto/protocol/run';
import { describe, expect, it } from 'vitest';
import { encodingFor } from '../src/rounds/plan-making.ts';

const PARAMETERS = 10_000;
const privacy = { clip: 10, range: 1, exampleCap: 100, minimumCohort: 3 };
const SCALE: UpdateScale = { norm: 0.5, headroom: 6, peaks: [{ size: PARAMETERS, peak: 0.1 }] };

function encoding(
  asked: Partial<RunConfig>,
  at: { round: number; group?: number; scale?: UpdateScale },
  nMax = 10,
): Encoding {
  const config = RunConfig.parse({
    task: 'numbers',
    rounds: 3,
    cohort: { least: 3, most: 100 },
    minimumCohort: 3,
    committee: 'drawn',
    seed: 7,
    ...asked,
  });
  const made = encodingFor(config, { privacy }, PARAMETERS, nMax, { group: 0, scale: null, ...at });
  if (isRejection(made)) throw new Error(made.message);
  return made;
}

describe('the numbers of a run’s plans', () => {
  it('rotate by another seed in every round and group, and by the same in a run that is repeated', () => {
    const seeds = [1, 2].flatMap((round) =>
      [0, 1, 2].map((group) => encoding({ lanes: 4 }, { round, group }).rotation?.seed),
    );
    expect(new Set(seeds).size).toBe(6);
    expect(encoding({ lanes: 4 }, { round: 2, group: 1 }).rotation?.seed).toBe(seeds[4]);
    expect(encoding({ lanes: 4, seed: 8 }, { round: 2, group: 1 }).rotation?.seed).not.toBe(seeds[4]);
  });

  it('follow what the last round opened, unless the run’s ranges are fixed', () => {
    const at = { round: 2, scale: SCALE };
    const few = { lanes: 4, rotation: false } as const;
    expect(encoding({ ...few, ranges: 'adaptive' }, at).ranges).toEqual([{ size: PARAMETERS, range: 0.2 }]);
    expect(encoding({ ...few, ranges: 'fixed' }, at).ranges).toEqual([{ size: PARAMETERS, range: 1 }]);
    expect(encoding({ lanes: 4, ranges: 'fixed' }, at).ranges).toEqual(encoding({ lanes: 4 }, { round: 2 }).ranges);
  });

  it('take more lanes for a smaller cohort or fewer bits', () => {
    const lanes = (bits: number, nMax: number) => encoding({ lanes: 'auto', bits }, { round: 1 }, nMax).lanes;
    expect([10, 47, 500, 774].map((nMax) => lanes(4, nMax))).toEqual([4, 4, 3, 2]);
    expect([10, 47, 500, 774].map((nMax) => lanes(8, nMax))).toEqual([3, 3, 2, 2]);
  });
});
