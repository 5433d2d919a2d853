import { whyGiveUp } from '@sotto/coordinator/rounds/tries';
import { Schedule, Strategy } from '@sotto/protocol/strategy';
import { expect, test } from 'vitest';
import { describeSimulation } from '../../src/simulation/description.ts';
import { describeCaught, noteOn } from '../../src/simulation/failures.ts';
import { formatCsv, type SimulationResult } from '../../src/simulation/figures.ts';
import { drawLearningCurve } from '../../src/simulation/learning-curve.ts';
import { roundLine } from '../../src/simulation/report.ts';
import type { SimulatedRound } from '../../src/simulation/round.ts';
import type { SimulationSettings } from '../../src/simulation/settings.ts';
import type { Simulated } from '../../src/simulation/simulation.ts';

const initial = { model: 'a'.repeat(64), testAccuracy: 0.1, testLoss: 2.5 };
const rounds: SimulatedRound[] = [
  {
    kind: 'published',
    round: 1,
    contributors: 9,
    caught: 1,
    tooLong: 0,
    testAccuracy: 0.9,
    testLoss: 0.25,
    trainAccuracy: null,
    trainLoss: 0.125,
    model: 'b'.repeat(64),
    sealMs: null,
    uploadBytes: null,
    openMs: null,
  },
  { kind: 'abandoned', round: 2, reason: 'too_few_updates', caught: 0, tooLong: 0, learningRate: 10 },
];

test('a line a round says what became of it, of its groups, and of updates that stayed on their devices', () => {
  const [published, abandoned] = rounds as [SimulatedRound, SimulatedRound];
  const groups = [
    { group: 1, contributors: 5, kept: true },
    { group: 2, contributors: 4, kept: false, reason: 'gate' },
  ];
  expect(roundLine({ ...published, groups } as SimulatedRound)).toBe(
    'round 1: accuracy 90.00 %, 9 contributors, 1 of 2 groups left out, 1 update was not finite and stayed on its device',
  );
  expect(roundLine(abandoned)).toBe('round 2 was abandoned: too few updates');
});

test('updates that stayed on their devices are told by their reasons', () => {
  expect(describeCaught({ caught: 2, tooLong: 2 })).toBe(
    '2 updates were too long to count and stayed on their devices',
  );
  expect(describeCaught({ caught: 3, tooLong: 1 })).toBe(
    '2 updates were not finite and 1 update was too long to count and stayed on their devices',
  );
});

const abandonedBy = (caught: number, reason = 'too_few_updates') =>
  Array.from({ length: 5 }, (_, i) => ({ ...(rounds[1] as SimulatedRound), round: i + 1, caught, reason }));
const gaveUp = (caught: number, attack: SimulationSettings['attack'] = null, reason?: string) => {
  const abandoned = abandonedBy(caught, reason);
  const result = {
    participants: 10,
    seed: 1,
    drop: 0,
    attack,
    note: whyGiveUp(abandoned),
    config: { strategy: { name: 'FedAvg' }, dp: null },
  };
  return noteOn({ result, rounds: abandoned } as unknown as Simulated);
};

test('training that diverges is told as such, with its learning rate, and not as devices that left', () => {
  const [round] = abandonedBy(8) as [SimulatedRound];
  expect(roundLine(round)).toBe(
    'round 1 was abandoned: training diverged at a learning rate of 10, 8 updates were not finite and stayed on their devices',
  );
  expect(gaveUp(8)).toBe(
    'Training diverged in 5 rounds in a row, at a learning rate of 10. Lower training.optimizer.learningRate in the task’s task.json, and begin anew.',
  );
  expect(gaveUp(0)).toBe(
    '5 rounds in a row were abandoned (too few updates). Simulate more participants, or another --seed.',
  );
});

test('models that got worse are advised on by the names of the options, and not as devices that left', () => {
  expect(gaveUp(0, null, 'made_worse')).toBe(
    '5 rounds in a row were abandoned (made worse). Lower the devices’ learning rate (--eta-l, or that of the task), the server’s (--eta, --server-learning-rate) or the task’s clip. If some devices mislead the model, open rounds in groups with a robust rule (--groups, --robust). Or allow for more (--most-drop, --most-rise).',
  );
});

test('where attackers spoil their updates, no training diverged, and fewer of them are advised', () => {
  const [round] = abandonedBy(4) as [SimulatedRound];
  expect(roundLine(round, 4)).toContain('too few updates, 4 updates were not finite');
  expect(gaveUp(4, { kind: 'nan', share: 0.4, factor: 1 })).toContain('fewer --attackers');
});

const config = {
  rounds: 20,
  lanes: 'auto',
  fractionFit: 1,
  groups: null,
  robust: null,
  earlyStopping: null,
  strategy: Strategy.parse({ name: 'FedAvg' }),
  schedule: Schedule.parse({ name: 'constant' }),
  dp: null,
};
const described = (changed: object) =>
  describeSimulation({
    seal: 'off',
    seed: 7,
    partition: { kind: 'iid' },
    drop: 0,
    attack: null,
    config: { ...config, ...changed },
  } as unknown as SimulationResult);

test('a simulation is described by its rounds and by all that is not as a run has it by itself', () => {
  expect(described({})).toBe('iid · not sealed · 20 rounds · lanes auto · seed 7');
  const changed = {
    strategy: Strategy.parse({ name: 'FedAdam', eta: 0.5, tau: 1e-9 }),
    schedule: Schedule.parse({ name: 'step', every: 5, factor: 0.5 }),
    dp: { epsilon: 2, delta: 1e-5, contributors: 9 },
  };
  expect(described(changed)).toBe(
    'iid · not sealed · 20 rounds · FedAdam, eta 0.5 · step, every 5, factor 0.5 · ε 2, δ 0.00001, 9 contributors · lanes auto · seed 7',
  );
  expect(described({ strategy: Strategy.parse({ name: 'FedProx', proximal_mu: 0.1 }) })).toContain(
    'FedProx, proximal_mu 0.1',
  );
  expect(described({ schedule: Schedule.parse({ name: 'constant', warmup: 3 }) })).toContain('constant, warmup 3');
});

test('a table has one line a round from the initial model on, empty where there is nothing to say', () => {
  const [heading, ...lines] = formatCsv({ initial }, rounds).trimEnd().split('\n');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    expect(cells).toHaveLength(heading!.split(',').length);
    return Object.fromEntries(heading!.split(',').map((column, i) => [column, cells[i]]));
  });
  expect(rows).toMatchObject([
    { round: '0', kind: 'initial', testAccuracy: '0.1', contributors: '', model: initial.model },
    {
      round: '1',
      kind: 'published',
      testAccuracy: '0.9',
      contributors: '9',
      caught: '1',
      trainAccuracy: '',
      trainLoss: '0.125',
      sealMs: '',
    },
    { round: '2', kind: 'abandoned', reason: 'too_few_updates', testAccuracy: '' },
  ]);
});

test('a plot says in words what it shows, names its axes, and draws every point within the paper', () => {
  const points = [
    { round: 0, ...initial },
    ...Array.from({ length: 40 }, (_, i) => ({ round: i + 1, testAccuracy: i / 40, testLoss: 3 - i / 20 })),
  ];
  const svg = drawLearningCurve(points, 'Digits & <letters>', 'seed 7');
  expect(svg).toContain('Digits &amp; &lt;letters&gt;');
  expect(svg).toContain('From 10.00 % to 97.50 % in 40 published rounds; best 97.50 % in round 40.');
  for (const label of ['Accuracy on held-out examples', 'Loss (cross entropy, nats)', '>Round<'])
    expect(svg).toContain(label);
  const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, list]) => list!.split(' '));
  expect(lines.map(({ length }) => length)).toEqual([41, 41]);
  for (const [x, y] of lines.flat().map((point) => point.split(',').map(Number))) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(760);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(594);
  }
});

test('a plot counts published rounds, and of equal accuracies names the one with the least loss, as a run does', () => {
  const point = (round: number, testAccuracy: number, testLoss: number) => ({ round, testAccuracy, testLoss });
  const svg = drawLearningCurve([point(0, 0.1, 2), point(2, 0.9, 0.5), point(7, 0.9, 0.25)], 't', 's');
  expect(svg).toContain('From 10.00 % to 90.00 % in 2 published rounds; best 90.00 % in round 7.');
});

test('a plot of one model alone, or of models that are all alike, is still a plot', () => {
  for (const count of [1, 3]) {
    const points = Array.from({ length: count }, (_, round) => ({ round, testAccuracy: 0, testLoss: 0 }));
    expect(drawLearningCurve(points, 't', 's')).not.toMatch(/NaN|Infinity/);
  }
});
