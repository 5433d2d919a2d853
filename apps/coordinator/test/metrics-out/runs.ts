import { DEFAULT_DURATIONS, type PublishedRound, RunConfig, type RunSummary } from '@sotto/protocol/run';

/** Made-up runs, to be written down in whatever format. */

export const BEGUN = Date.UTC(2026, 4, 4, 12);
const hash = (digit: number) => String(digit).repeat(64);

export function publishedRound(round: number, more: Partial<PublishedRound> = {}): PublishedRound {
  return {
    kind: 'published',
    round,
    contributors: 3,
    testAccuracy: 0.5 + round / 100,
    testLoss: 1 / round,
    trainAccuracy: 0.75,
    trainLoss: 0.625,
    model: hash(round % 10),
    transcript: hash((round + 1) % 10),
    startedAt: BEGUN + 1000 * round,
    endedAt: BEGUN + 1000 * round + 500,
    phases: { collecting: 250, opening: 125 },
    uploadBytes: 12_345,
    ...more,
  };
}

export function abandonedRound(round: number, reason: string): RunSummary['rounds'][0] {
  return { kind: 'abandoned', round, reason, startedAt: BEGUN + 1000 * round, endedAt: BEGUN + 1000 * round + 250 };
}

export function runOf(rounds: RunSummary['rounds'], more: Partial<RunSummary> = {}): RunSummary {
  const initial = { model: hash(0), testAccuracy: 0.1, testLoss: 2.25 };
  const config = RunConfig.parse({
    task: 'numbers',
    rounds: 10,
    cohort: { least: 3, most: 3 },
    minimumCohort: 3,
    committee: 'drawn',
    durations: DEFAULT_DURATIONS,
    strategy: { name: 'FedAvgM', server_learning_rate: 0.5, server_momentum: 0.9 },
    seed: 7,
  });
  return {
    run: 'numbers-0a1b2c3d',
    task: 'numbers',
    state: 'running',
    note: null,
    config,
    startedAt: BEGUN,
    initial,
    rounds,
    best: { round: 0, ...initial },
    budget: null,
    ...more,
  };
}
