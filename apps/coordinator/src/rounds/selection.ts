import type { RoundSetup } from '@sotto/fl-core/round/round';
import { LEAST_COMMITTEE, leastNamed, MOST_COMMITTEE } from '@sotto/protocol/plan';
import type { RunConfig } from '@sotto/protocol/run';
import type { Presence } from '../desk/sessions.ts';

/** A drawn committee is as large as this, where the cohort is: larger ones cost every contributor 8 KB a member. */
export const DRAWN_COMMITTEE = 7;

/** So that 1.3 · 10 = 13.000000000000002 are 13 devices. */
const ROUNDING = 1e-9;

export interface Here {
  /** Connected devices of the task, longest present first. */
  readonly present: readonly Presence[];
  /** Devices that hold a valid member certificate, connected or not. */
  readonly named: ReadonlySet<string>;
  /** Devices that were asked in the last rounds and not heard. */
  readonly silent: ReadonlySet<string>;
  /** When a round begun now is over at the latest. */
  readonly ends: number;
}

export type Selection = Pick<RoundSetup, 'cohort' | 'unreliable' | 'seats' | 'committee' | 'quorum' | 'nMax'>;

/**
 * Who is asked for an update and who for a one-time key; undefined while too few are here. More are asked than are wanted, where so many
 * are here (Bonawitz et al. 2019, §4.3), and devices that have been silent only where the others do not suffice.
 */
export function select(
  config: RunConfig,
  round: number,
  { present, named, silent, ends }: Here,
): Selection | undefined {
  const admitted = ({ certificates }: Presence) =>
    config.admission !== 'certified' || certificates.some(({ role, expiry }) => role === 'device' && expiry > ends);
  const willing = present.filter((one) => one.contributes && admitted(one)).map(({ device }) => device);
  if (willing.length < config.cohort.least) return undefined;
  const share = Math.ceil(willing.length * config.fractionFit - ROUNDING);
  const nMax = Math.min(Math.max(share, config.cohort.least), config.cohort.most);
  const asked = Math.min(willing.length, Math.ceil(nMax * config.overSelection - ROUNDING));
  const heard = willing.filter((device) => !silent.has(device));
  const others = willing.filter((device) => silent.has(device));
  const first = sample(heard, asked, config.seed, round);
  const unreliable = sample(others, asked - first.length, config.seed, round);
  const cohort = [...first, ...unreliable];
  const updates = { cohort, unreliable, quorum: quorumOf(config, cohort.length, nMax), nMax };
  if (config.committee === 'drawn') {
    const most = Math.min(cohort.length, DRAWN_COMMITTEE);
    // Those after the first few are spares, should one of the first not answer.
    return { ...updates, seats: cohort.slice(0, 2 * most), committee: { most, least: LEAST_COMMITTEE } };
  }
  const seats = present.filter(({ device }) => named.has(device)).map(({ device }) => device);
  const least = leastNamed(named.size);
  if (seats.length < least) return undefined;
  return { ...updates, seats, committee: { most: Math.min(seats.length, MOST_COMMITTEE), least } };
}

/** With how many updates of those asked for the rest have only as long again. */
export function quorumOf(
  { minimumCohort, overSelection }: Pick<RunConfig, 'minimumCohort' | 'overSelection'>,
  asked: number,
  nMax: number,
): number {
  return Math.max(minimumCohort, Math.min(nMax, Math.floor(asked / overSelection + ROUNDING)));
}

/** `count` of them or all, in the order they were given; repeatable for a seed and round. */
function sample(devices: readonly string[], count: number, seed: number, round: number): string[] {
  if (count >= devices.length) return [...devices];
  const next = createRandom(seed, round);
  const indices = devices.map((_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(next() * (indices.length - i));
    [indices[i], indices[j]] = [indices[j]!, indices[i]!];
  }
  return indices
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((i) => devices[i]!);
}

/** splitmix32: selection only needs to be repeatable, nothing secret hangs on it. */
export function createRandom(seed: number, round: number): () => number {
  let state = (seed ^ Math.imul(round, 0x9e3779b9)) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}
