import { completeConfig } from '@sotto/coordinator/rounds/run-config';
import { RunRequest } from '@sotto/coordinator/rounds/run-request';
import type { LocalResult } from '@sotto/fl-core/update-codec';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import type { TaskManifest } from '@sotto/protocol/task';
import { expect, test } from 'vitest';
import { type DropOut, dropOutOf } from '../../src/simulation/drop-out.ts';
import { optionOf } from '../../src/simulation/option-names.ts';
import { type LearnRequest, type PlainRun, type PlainState, runPlain } from '../../src/simulation/plain.ts';

const task = {
  id: 'numbers',
  rounds: 3,
  training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 1 },
  privacy: { clip: 20, range: 10, exampleCap: 100, minimumCohort: 3 },
} as TaskManifest;
const PARAMETERS = 5;
const model = encodeModelFile({
  topology: '{}',
  tensors: [{ name: 'w', shape: [PARAMETERS] }],
  weights: new Float32Array(PARAMETERS),
});
const start: PlainState = { model, memory: null, rounds: [], bytesPerParameter: null };
const initial = { model: 'a'.repeat(64), testAccuracy: 0.5, testLoss: 1 };

function runOf(participants: number, request: object, dropOut: (participant: number, round: number) => DropOut | null) {
  const config = completeConfig(
    {
      task: 'numbers',
      seed: 7,
      lanes: 1,
      rotation: false,
      cohort: { most: participants },
      overSelection: 1,
      ...request,
    },
    task,
    PARAMETERS,
  );
  if (isRejection(config)) throw new Error(config.message);
  const run: PlainRun = { config, task, initial, population: { participants, members: 0, dropOut, mute: new Set() } };
  return run;
}

/** Everybody has moved all weights by its number, from 4 examples. */
const moved = ({ participant }: Pick<LearnRequest, 'participant'>): LocalResult => ({
  delta: new Float32Array(PARAMETERS).fill(participant),
  examples: 4,
  correct: 2,
  lossSum: 1,
});

async function play(run: PlainRun, learn: (request: LearnRequest) => LocalResult | null, from = start) {
  const states: PlainState[] = [];
  const end = await runPlain(
    run,
    { learn: async (request) => learn(request), evaluate: async () => ({ accuracy: 0.5, loss: 1 }) },
    (_, state) => void states.push(state),
    from,
  );
  return { end, states, last: states.at(-1)! };
}

function weightsOf({ model: file }: PlainState): number[] {
  const decoded = decodeModelFile(file);
  if (isRejection(decoded)) throw new Error(decoded.message);
  return [...decoded.weights];
}

test('a round moves the model by the mean of those that stayed until their update was sent', async () => {
  const run = runOf(5, { rounds: 1 }, (participant) => (participant === 4 ? 'before-upload' : null));
  const { end, last } = await play(run, moved);
  expect(end).toEqual({ finished: true, note: null });
  expect(last.rounds).toMatchObject([
    { kind: 'published', round: 1, contributors: 4, caught: 0, trainAccuracy: 0.5, trainLoss: 0.25 },
  ]);
  // (0 + 1 + 2 + 3) / 4, to the grain of the levels.
  for (const weight of weightsOf(last)) expect(weight).toBeCloseTo(1.5, 3);
});

test('gone on with from any of its rounds, a run comes to the same models', async () => {
  const dropOut = (participant: number, round: number) => dropOutOf({ seed: 7, drop: 0.3, participant, round });
  const run = runOf(9, { rounds: 4, committee: 'drawn' }, dropOut);
  const { states } = await play(run, moved);
  for (const [i, state] of states.slice(0, -1).entries()) {
    const again = await play(run, moved, state);
    expect(again.states).toEqual(states.slice(i + 1));
  }
});

test('an update that is not finite is caught and counted, and the round goes on without it', async () => {
  const run = runOf(5, { rounds: 1 }, () => null);
  const { last } = await play(run, (request) =>
    request.participant === 0
      ? { ...moved(request), delta: new Float32Array(PARAMETERS).fill(Number.NaN) }
      : moved(request),
  );
  expect(last.rounds).toMatchObject([{ kind: 'published', contributors: 4, caught: 1 }]);
  for (const weight of weightsOf(last)) expect(weight).toBeCloseTo(2.5, 3);
});

test('an update that is finite, but far too long, is counted as such', async () => {
  const { last } = await play(
    runOf(5, { rounds: 1 }, () => null),
    (request) =>
      request.participant === 0 ? { ...moved(request), delta: new Float32Array(PARAMETERS).fill(1e6) } : moved(request),
  );
  expect(last.rounds).toMatchObject([{ kind: 'published', contributors: 4, caught: 1, tooLong: 1 }]);
});

test('a committee that too many left opens nothing: the model stays, and the next round is tried', async () => {
  const left = (round: number) => (participant: number) => (round === 1 && participant < 3 ? 'after-upload' : null);
  const run = runOf(7, { rounds: 1 }, (participant, round) => left(round)(participant));
  const { last, states } = await play(run, moved);
  expect(last.rounds).toMatchObject([
    { kind: 'abandoned', round: 1, reason: 'too_few_answers' },
    { kind: 'published', round: 2, contributors: 7 },
  ]);
  expect(weightsOf(states[0]!)).toEqual(new Array(PARAMETERS).fill(0));
});

test.each([
  [{ rounds: 5, schedule: { name: 'constant', warmup: 5 } }, /^--warmup: .* for 5 rounds .* in --rounds \(5\);/],
  [{ groups: { count: 2 }, robust: { rule: 'median' } }, /^--robust: of 2 groups .* raise --groups \(2\) to 3/],
])('what no run can have is told by the names of the options: %j', (request, message) => {
  const parsed = RunRequest.parse({ task: task.id, ...request });
  expect(completeConfig(parsed, task, PARAMETERS, optionOf)).toMatchObject({ message: expect.stringMatching(message) });
});

test('a run whose noise counts on more than stay says by which option, in groups and whole', async () => {
  const noisy = (request: object) =>
    play(
      runOf(12, { rounds: 1, dp: { epsilon: 8, contributors: 5 }, ...request }, (who) =>
        who > 3 ? 'before-upload' : null,
      ),
      moved,
    );
  const advice = '. Simulate more participants, a lower --drop, a lower --dp-contributors, or another --seed.';
  await expect(noisy({})).rejects.toThrow(`and the noise needs 5 that stay (--dp-contributors)${advice}`);
  await expect(noisy({ groups: { count: 2 } })).rejects.toThrow(
    `and each of 2 groups needs 5 that stay (--dp-contributors)${advice}`,
  );
});

test('a run that cannot be is not begun with, and one that fails again and again ends, saying so', async () => {
  const hopeless = runOf(4, { rounds: 1 }, () => 'before-upload');
  await expect(play(hopeless, moved)).rejects.toThrow(/Round 1 cannot be published: 4 of 4 participants drop out/);
  const diverging = runOf(4, { rounds: 1 }, () => null);
  const { end, last } = await play(diverging, () => null);
  expect(end).toMatchObject({ finished: false, note: expect.stringContaining('5 rounds in a row were abandoned') });
  expect(last.rounds).toMatchObject(new Array(5).fill({ caught: 4, tooLong: 0, learningRate: 0.1 }));
});
