import type { RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import { DEFAULT_DURATIONS, type RoundOutcome } from '@sotto/protocol/run';
import type { RunRecord } from '../run-records.ts';

export const hex = (digit: string) => digit.repeat(64);
export const NOW = 1_800_000_000_000;

export const run: RunRecord = {
  run: 'numbers-1',
  task: 'numbers',
  state: 'running',
  note: null,
  config: {
    task: 'numbers',
    rounds: 2,
    cohort: { least: 3, most: 5 },
    overSelection: 1.3,
    minimumCohort: 3,
    committee: 'drawn',
    admission: 'open',
    lanes: 2,
    bits: 8,
    rotation: 'auto',
    ranges: 'adaptive',
    durations: DEFAULT_DURATIONS,
    strategy: { name: 'FedAvg' },
    schedule: { name: 'constant', warmup: 0 },
    earlyStopping: null,
    fractionFit: 1,
    dp: null,
    keepCiphertexts: 1,
    groups: null,
    robust: null,
    guard: { mostDrop: 0.2, mostRise: 2 },
    seed: 7,
  },
  startedAt: NOW,
  initial: { model: hex('0'), testAccuracy: 0.1, testLoss: 2.3 },
};
export const setup: RoundSetup = {
  cohort: [hex('a'), hex('b')],
  unreliable: [],
  seats: [hex('a')],
  committee: { most: 3, least: 3 },
  minimumCohort: 3,
  quorum: 3,
  nMax: 3,
  durations: DEFAULT_DURATIONS,
  startedAt: NOW,
};
/** A round that is opened whole. */
export const whole = [{ group: 0, setup }];
export const outcome: RoundOutcome = {
  kind: 'abandoned',
  round: 1,
  reason: 'stopped',
  startedAt: NOW,
  endedAt: NOW + 1,
};
export const left = (device: string, at: number): RoundEvent => ({ type: 'left', device, at });

export async function fails(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => false,
    () => true,
  );
}
