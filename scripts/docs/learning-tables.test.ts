import { expect, it } from 'vitest';
import { LEARNING_TABLES } from './learning-tables.ts';

const learned = (settings: object, { accuracy = 0.9, best = 0.95, ...rest } = {}) => ({
  settings: { participants: 100, seed: 1, partition: { kind: 'iid' }, attack: null, run: {}, ...settings },
  target: null,
  bytesPerParameter: 3.1875,
  accuracies: [0.5, null, 0.8],
  best,
  accuracy,
  roundsToTarget: null as number | null,
  ...rest,
});
const lines = (section: string, part: string, runs: ReturnType<typeof learned>[]) =>
  LEARNING_TABLES[section]!(new Map([[part, runs]])).split('\n');

it('says of a table without runs that they were not measured yet', () => {
  for (const make of Object.values(LEARNING_TABLES)) expect(make(new Map())).toBe('Not measured yet.');
});

it('gives rounds to a target by seed, says where it was not reached, and how many of them were refused', () => {
  const runs = [{ ...learned({}), accuracies: [0.5, 0.97], roundsToTarget: 51 }, learned({ seed: 2 })];
  expect(lines('learning rounds', '2nn-iid', runs).slice(2)).toEqual([
    '| 2NN, IID, 97 % | 87 | 1, 2 | 51, not in 3 (1 refused) | 95.0 %, 95.0 % |',
  ]);
});

it('gives the mean over seeds of the last accuracies for each number of lanes and each cohort, and leaves out what is not there', () => {
  const run = (participants: number, seed: number, lanes: number, last: number) => ({
    ...learned({ participants, seed, run: { lanes } }),
    bytesPerParameter: 51 / 8 / lanes,
    accuracies: [0.1, last],
  });
  const runs = [run(10, 1, 2, 0.95), run(10, 2, 2, 0.96), run(47, 1, 2, 0.9), run(10, 1, 4, 0.94)];
  expect(lines('learning bytes', 'bytes', runs)).toEqual([
    '| lanes | bytes a parameter | 10 participants | 47 participants |',
    '| --- | ---: | ---: | ---: |',
    '| 2 | 3.19 | 95.5 % | 90.0 % |',
    '| 4 | 1.59 | 94.0 % |  |',
  ]);
});

it('sets runs in groups beside those of one sum, attack by attack', () => {
  const run = (kind: string | null, groups: boolean, accuracy: number, factor = 1) =>
    learned(
      { attack: kind && { kind, share: 0.2, factor }, run: groups ? { groups: { count: 10, least: 4 } } : {} },
      { accuracy },
    );
  const runs = [
    run(null, false, 0.93),
    run(null, true, 0.92),
    run('sign-flip', false, 0.5),
    run('sign-flip', true, 0.91),
    run('scale', true, 0.88, 100),
  ];
  expect(lines('learning robustness', 'robustness', runs).slice(2)).toEqual([
    '| nobody attacks | 93.0 % | 92.0 % |',
    '| sign flip, 20 % | 50.0 % | 91.0 % |',
    '| scale × 100, 20 % |  | 88.0 % |',
  ]);
});

it('sets partitions side by side, strategy by strategy, with what a strategy was given', () => {
  const run = (partition: object, strategy: object, accuracy: number) =>
    learned({ partition, run: { strategy } }, { accuracy });
  const [shards, dirichlet] = [
    { kind: 'shards', each: 2 },
    { kind: 'dirichlet', alpha: 0.3 },
  ];
  const adam = { name: 'FedAdam', eta: 0.003, beta_1: 0.9, tau: 0.001 };
  const runs = [run(shards, { name: 'FedAvg' }, 0.8), run(dirichlet, { name: 'FedAvg' }, 0.9), run(shards, adam, 0.85)];
  expect(lines('learning skew', 'skew', runs)).toEqual([
    '|  | by label | best | Dirichlet α = 0.3 | best |',
    '| --- | ---: | ---: | ---: | ---: |',
    '| FedAvg | 80.0 % | 95.0 % | 90.0 % | 95.0 % |',
    '| FedAdam, η = 0.003, τ = 0.001 | 85.0 % | 95.0 % |  |  |',
  ]);
});

it('names runs by the ε they may spend', () => {
  const runs = [learned({}), learned({ run: { dp: { epsilon: 4 } } }, { accuracy: 0.8 })];
  expect(lines('learning privacy', 'privacy', runs).slice(2)).toEqual([
    '| no noise | 90.0 % | 95.0 % |',
    '| ε = 4 | 80.0 % | 95.0 % |',
  ]);
});
