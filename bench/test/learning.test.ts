import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { benchLearning } from '../src/learning/bench.ts';
import { learn, taskOf } from '../src/learning/learn.ts';
import { PARTS, type Part } from '../src/learning/parts.ts';
import { epsilonOfSetting, GAUSSIAN_EPSILON } from '../src/learning/privacy.ts';
import { readResults, writeResults } from '../src/learning/results.ts';
import { makeRun, type Setting, sumUp } from '../src/learning/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const small = (setting: Setting) =>
  makeRun('small', { task: 'breast-cancer', participants: 5, fractionFit: 1, rounds: 4, ...setting });

test('a run that is interrupted goes on where it was, to the same model, and leaves nothing behind', async () => {
  const kept = join(folder, 'kept');
  const whole = await learn(small({}), null, () => {});
  const interrupted = learn(small({}), kept, (rounds) => {
    if (rounds === 2) throw new Error('interrupted');
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  const rounds: number[] = [];
  const goneOn = await learn(small({}), kept, (round) => rounds.push(round));
  expect(rounds).toEqual([3, 4]);
  expect(goneOn).toEqual(whole);
  expect(existsSync(kept)).toBe(false);
});

test('what was kept of another run is not gone on with', async () => {
  const kept = join(folder, 'kept');
  const interrupted = learn(small({ seed: 2 }), kept, () => {
    throw new Error('interrupted');
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  const rounds: number[] = [];
  await learn(small({ rounds: 2 }), kept, (round) => rounds.push(round));
  expect(rounds).toEqual([1, 2]);
});

test('a run is over once it has reached its target', async () => {
  const { accuracies } = await learn(small({}), null, () => {});
  const target = accuracies[1]!;
  const first = accuracies.findIndex((accuracy) => accuracy! >= target) + 1;
  const reached = await learn(small({ target }), null, () => {});
  expect(reached).toMatchObject({ accuracies: accuracies.slice(0, first), roundsToTarget: first, note: null });
});

test('of accuracies the best, the mean of the last five and the first that reached the target are told; abandoned rounds count as rounds', () => {
  const accuracies = [0.5, null, 0.9, 0.8, 0.7, 0.6, 0.5];
  expect(sumUp(0.1, accuracies, 0.85)).toEqual({ best: 0.9, accuracy: expect.closeTo(0.7, 12), roundsToTarget: 3 });
  expect(sumUp(0.1, [], 0.85)).toEqual({ best: 0.1, accuracy: 0.1, roundsToTarget: null });
});

test('a result file gives back the runs that are still asked for as they were, and no others', async () => {
  const run = makeRun('one', { task: 'breast-cancer', participants: 5, fractionFit: 1, rounds: 1 });
  const changed = makeRun('one', { task: 'breast-cancer', participants: 5, fractionFit: 1, rounds: 2 });
  const learned = await learn(run, null, () => {});
  const part = (...runs: Part['runs']): Part => ({ name: 'small', runs, goals: () => [] });
  const path = join(folder, 'learning-small.json');
  expect(readResults(path, part(run))).toEqual([]);
  writeResults(path, 'small', [learned]);
  expect(readResults(path, part(run))).toEqual([learned]);
  expect(readResults(path, part(changed))).toEqual([]);
});

test('no two parts share a name, nor two runs of a part', () => {
  const distinct = (names: readonly string[]) => expect(new Set(names).size).toBe(names.length);
  distinct(PARTS.map(({ name }) => name));
  for (const { runs } of PARTS) distinct(runs.map(({ name }) => name));
});

test.each([
  ['2nn', 199_210],
  ['cnn', 1_663_370],
])('the model of %s has the %i parameters of the paper’s', async (task, parameters) => {
  const { makeInitialModel } = await import('@sotto/coordinator/tasks/initial-model');
  const { decodeModelFile } = await import('@sotto/protocol/model-file');
  const file = decodeModelFile(await makeInitialModel(taskOf(task).topology, 1));
  expect(file).toMatchObject({ weights: { length: parameters } });
});

test('integer noise of the stated setting costs what Gaussian noise costs there, to six digits', () => {
  expect(epsilonOfSetting(taskOf('softmax').manifest)).toBeCloseTo(GAUSSIAN_EPSILON, 6);
});

test.each([
  ['--part nothing', 'There is no part “nothing”'],
  ['--quick --part bytes', '--quick has no parts'],
  ['--json out.json', '--json goes with --quick'],
  ['--quick --json /nowhere/out.json', '/nowhere/out.json cannot be written'],
])('learning %s is refused before anything is learned', async (args, why) => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  expect(await benchLearning(args.split(' '))).toBe(false);
  expect(said.mock.calls).toEqual([[expect.stringContaining(why)]]);
  said.mockRestore();
});
