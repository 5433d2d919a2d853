import type { Round } from '@sotto/fl-core/round/round';
import { concat, fromHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import type { RunConfig } from '@sotto/protocol/run';
import { createRandom, quorumOf, type Selection } from './selection.ts';

/** Who is asked in one part of a round. Group 0 is the whole of it. */
export interface PartSelection extends Selection {
  readonly group: number;
}

/** So that groups are drawn independently of who was selected. */
const GROUPING = 0x67726f75;

/**
 * The selected cohort in the run's groups, 1 … count, as equal in size as can be; whole, where the run has none. The committee serves
 * all of them. Drawn anew in each round, repeatable for a seed and round. After a round in which a sum over U failed its test (`failed` is
 * H(U)), groups are those of SHA-256(H(U) ‖ deviceId): whoever made it fail could not choose whom to meet next.
 */
export function divide(
  config: Pick<RunConfig, 'groups' | 'minimumCohort' | 'overSelection' | 'seed'>,
  round: number,
  selection: Selection,
  failed: string | null,
): PartSelection[] {
  if (config.groups === null) return [{ group: 0, ...selection }];
  const { count } = config.groups;
  const { cohort, unreliable, nMax } = selection;
  const drawn = failed === null ? shuffle(cohort, config.seed, round) : inOrderOf(cohort, failed);
  // Each group has its share of those that may not be heard.
  const late = new Set(unreliable);
  const dealt = [...drawn.filter((device) => !late.has(device)), ...drawn.filter((device) => late.has(device))];
  const groupOf = new Map(dealt.map((device, i) => [device, i % count]));
  return Array.from({ length: count }, (_, i) => {
    const isOwn = (device: string) => groupOf.get(device) === i;
    const own = cohort.filter(isOwn);
    const most = Math.floor(nMax / count) + (i < nMax % count ? 1 : 0);
    return {
      ...selection,
      group: i + 1,
      cohort: own,
      unreliable: unreliable.filter(isOwn),
      nMax: most,
      quorum: quorumOf(config, own.length, most),
    };
  });
}

/** A round asks at least for this many devices: every group for the floor. */
export function leastCohortOf({ groups, minimumCohort }: Pick<RunConfig, 'groups' | 'minimumCohort'>): number {
  return (groups?.count ?? 1) * minimumCohort;
}

/** Contributors that one sum of the run has room for. */
export function mostInOneSum({ groups, cohort }: Pick<RunConfig, 'groups' | 'cohort'>): number {
  return Math.ceil(cohort.most / (groups?.count ?? 1));
}

/** H(U) of the first sum that did not pass its test, among the parts of a round; null where there is none. */
export function failedTestOf(parts: readonly Round[]): string | null {
  for (const part of parts)
    if (part.phase === 'abandoned' && (part.reason === 'sum_not_openable' || part.reason === 'impossible_sum'))
      return part.contributorsHash;
  return null;
}

function shuffle(devices: readonly string[], seed: number, round: number): string[] {
  const next = createRandom(seed ^ GROUPING, round);
  const drawn = [...devices];
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  return drawn;
}

function inOrderOf(devices: readonly string[], salt: string): string[] {
  const keyed = devices.map((device) => ({ device, key: sha256Hex(concat([fromHex(salt), fromHex(device)])) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ device }) => device);
}
