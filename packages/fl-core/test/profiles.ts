import type { ProfileName } from '@sotto/protocol/plan';
import type { Capacity, EncodingWishes } from '../src/encoding.ts';

/** docs/PROTOCOL.md, parameters. */
export const PROFILES: Readonly<Record<ProfileName, Capacity>> = {
  n47: { log2t: 42, maxContributors: 47 },
  n774: { log2t: 40, maxContributors: 774 },
  n12k: { log2t: 38, maxContributors: 12_452 },
  n199k: { log2t: 36, maxContributors: 199_643 },
};

/** Two lanes, nothing rotated, nothing known yet. */
export function wishes(changes: Partial<EncodingWishes>): EncodingWishes {
  return {
    parameters: 100,
    nMax: 10,
    lanes: 2,
    bits: 8,
    rotation: false,
    rotationSeed: 1,
    range: 1,
    clip: 1,
    exampleCap: 600,
    scale: null,
    calibration: null,
    ...changes,
  };
}
