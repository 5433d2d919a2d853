import { expect, test } from 'vitest';
import { formatCsv } from '../../src/simulation/figures.ts';
import { drawLearningCurve } from '../../src/simulation/learning-curve.ts';
import { roundLine } from '../../src/simulation/report.ts';
import type { SimulatedRound } from '../../src/simulation/round.ts';

const initial = { model: 'a'.repeat(64), testAccuracy: 0.1, testLoss: 2.5 };
const rounds: SimulatedRound[] = [
  {
    kind: 'published',
    round: 1,
    contributors: 9,
    caught: 1,
    testAccuracy: 0.9,
    testLoss: 0.25,
    trainAccuracy: null,
    model: 'b'.repeat(64),
    sealMs: null,
    uploadBytes: null,
    openMs: null,
  },
  { kind: 'abandoned', round: 2, reason: 'too_few_updates', caught: 0 },
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
  expect(svg).toContain('From 10.00 % to 97.50 % in 40 rounds; best 97.50 % in round 40.');
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

test('a plot of one model alone, or of models that are all alike, is still a plot', () => {
  for (const count of [1, 3]) {
    const points = Array.from({ length: count }, (_, round) => ({ round, testAccuracy: 0, testLoss: 0 }));
    expect(drawLearningCurve(points, 't', 's')).not.toMatch(/NaN|Infinity/);
  }
});
