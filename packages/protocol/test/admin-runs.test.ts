import { describe, expect, it } from 'vitest';
import { adviseOn, describeProgress } from '../src/admin/abandonment.ts';
import { differences, factsOf } from '../src/admin/comparison.ts';
import type { RoundPart, RoundView } from '../src/admin/live.ts';
import { RunConfig, RunSummary } from '../src/run.ts';

const HASH = '0'.repeat(64);
const config = RunConfig.parse({
  task: 'mnist',
  rounds: 5,
  cohort: { least: 3, most: 200 },
  minimumCohort: 3,
  committee: 'drawn',
  seed: 1,
});
const round = { model: HASH, transcript: HASH, trainAccuracy: null, phases: {} };
const run = RunSummary.parse({
  run: 'mnist-1',
  task: 'mnist',
  state: 'running',
  note: null,
  config,
  startedAt: 1000,
  initial: { model: HASH, testAccuracy: 0.1, testLoss: 2 },
  rounds: [
    {
      kind: 'published',
      round: 1,
      contributors: 3,
      testAccuracy: 0.9,
      testLoss: 0.5,
      startedAt: 1000,
      endedAt: 2000,
      uploadBytes: 100,
      ...round,
    },
    { kind: 'abandoned', round: 2, reason: 'too_few_votes', startedAt: 2000, endedAt: 9000 },
    {
      kind: 'published',
      round: 3,
      contributors: 4,
      testAccuracy: 0.8,
      testLoss: 0.6,
      startedAt: 9000,
      endedAt: 12_000,
      uploadBytes: 200,
      ...round,
    },
  ],
  best: { round: 1, model: HASH, testAccuracy: 0.9, testLoss: 0.5 },
  budget: null,
});

describe('runs beside one another', () => {
  it('are told by what came of them, averages over published rounds alone', () => {
    const totals = [
      { round: 1, received: 500, refused: 0 },
      { round: 2, received: 100, refused: 3 },
    ];
    expect(factsOf({ run, totals })).toEqual({
      state: 'running',
      published: 2,
      abandoned: 1,
      testAccuracy: 0.8,
      testLoss: 0.6,
      best: 0.9,
      bestRound: 1,
      contributors: 3.5,
      uploadBytes: 150,
      received: 600,
      refused: 3,
      roundMs: 2000,
      tookMs: 11_000,
      epsilon: null,
    });
    expect(factsOf({ run: { ...run, rounds: [] }, totals: [] })).toMatchObject({
      testAccuracy: 0.1,
      contributors: null,
      received: null,
      tookMs: null,
    });
  });

  it('differ in what they were told by its name, and in nothing else', () => {
    const others = [
      config,
      { ...config, rounds: 9 },
      { ...config, strategy: { name: 'FedProx', proximal_mu: 0.1 } as const },
    ];
    expect(differences(others)).toEqual([
      { name: 'rounds', values: ['5', '9', '5'] },
      { name: 'strategy.name', values: ['FedAvg', 'FedAvg', 'FedProx'] },
      { name: 'strategy.proximal_mu', values: [null, null, '0.1'] },
    ]);
    expect(differences([config, config])).toEqual([]);
  });
});

describe('a round that came to nothing', () => {
  const part: RoundPart = {
    group: 0,
    phase: 'voting',
    planHash: HASH,
    asked: 8,
    updates: 5,
    quorum: 4,
    minimum: 3,
    contributors: 4,
    members: 4,
    threshold: 3,
    answers: 4,
    votes: 2,
    openings: 0,
    reason: 'too_few_votes',
  };
  const device = (update: RoundView['devices'][number]['update'], i: number) => ({
    device: i.toString(16).padStart(64, '0'),
    group: 0,
    update,
    seat: null,
    bytes: null,
  });

  it('is told by how far it had come, over all of its groups', () => {
    const devices = (
      ['counted', 'counted', 'counted', 'counted', 'left-out', 'withdrawn', 'missed', 'away'] as const
    ).map(device);
    expect(describeProgress({ parts: [part], devices })).toBe(
      '5 of 8 updates were there, 3 were needed; 1 was taken back; 1 was left out; 4 of 4 members had checked, 2 voted and 0 opened (3 needed).',
    );
    expect(describeProgress({ parts: [part, { ...part, group: 1, members: 0, updates: 0 }], devices: [] })).toMatch(
      /^5 of 16 updates were there, 6 were needed/,
    );
  });

  it('comes with what can be done about it, also when its reason is of a later version', () => {
    expect(adviseOn('too_few_votes').remedy).toContain('durations.voteMs');
    expect(adviseOn('stopped').remedy).toBeNull();
    expect(adviseOn('toString')).toEqual({
      why: 'The coordinator gave it up (toString).',
      remedy: 'Its log says more.',
    });
  });
});
