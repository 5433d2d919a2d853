import type { ModelVersion } from '@sotto/protocol/admin/models';
import { encodeModelFile } from '@sotto/protocol/model-file';
import type { RunSummary } from '@sotto/protocol/run';
import { describe, expect, it, vi } from 'vitest';
import { classScores } from '../src/models/class-scores.ts';
import { modelCard } from '../src/models/model-card.ts';
import { createModels } from '../src/models/models.ts';
import { ancestryOf, pageOf, versionsOf } from '../src/models/versions.ts';
import type { Task } from '../src/tasks/tasks.ts';
import { manifest } from './task-folder.ts';

const hash = (name: string) => name.padEnd(64, '0');

/** A run whose published rounds made these models, one a minute. */
function runOf(
  run: string,
  at: number,
  initial: string,
  ...made: (readonly [round: number, model: string, accuracy: number])[]
) {
  return {
    run,
    startedAt: at,
    initial: { model: hash(initial), testAccuracy: 0.1, testLoss: 2 },
    config: { strategy: { name: 'FedAvg' }, minimumCohort: 3, committee: 'drawn', dp: null, groups: null },
    rounds: made.map(([round, model, testAccuracy]) => ({
      kind: 'published',
      round,
      model: hash(model),
      testAccuracy,
      testLoss: 1 - testAccuracy,
      contributors: 4,
      transcript: hash(`f${model}`),
      endedAt: at + round * 60_000,
    })),
  } as unknown as RunSummary;
}

const first = runOf('tiny-1', 1_000_000, 'a0', [1, 'a1', 0.5], [3, 'a3', 0.4]);
const second = runOf('tiny-2', 2_000_000, 'a1', [1, 'b1', 0.6]);
const versions = versionsOf([first, second]);
const named = (found: readonly ModelVersion[]) => found.map(({ run, round }) => `${run}:${round}`);

describe('the versions of a model', () => {
  it('are each listed once, under the round that made them first', () => {
    expect(named(versions)).toEqual(['tiny-1:0', 'tiny-1:1', 'tiny-1:3', 'tiny-2:1']);
    expect(versions[0]).toMatchObject({ before: null, transcript: null, contributors: 0 });
    expect(versions[2]).toMatchObject({ before: hash('a1'), transcript: hash('fa3'), contributors: 4 });
  });

  it('lead back to what the first run began with, past the rounds that a later run did not go on from', () => {
    expect(named(ancestryOf(versions, hash('b1')))).toEqual(['tiny-2:1', 'tiny-1:1', 'tiny-1:0']);
    expect(ancestryOf(versions, hash('c'))).toEqual([]);
  });

  it('come page by page, the latest or the best first, each once', () => {
    const page = (query: object) => pageOf(versions, { order: 'latest', most: 2, ...query });
    expect(named(page({})!.versions)).toEqual(['tiny-2:1', 'tiny-1:3']);
    expect(named(page({ after: hash('a3') })!.versions)).toEqual(['tiny-1:1', 'tiny-1:0']);
    expect(named(page({ order: 'best', most: 9 })!.versions)).toEqual(['tiny-2:1', 'tiny-1:1', 'tiny-1:3', 'tiny-1:0']);
    expect(page({ run: 'tiny-2' })).toMatchObject({ total: 1 });
    expect(page({ after: hash('c') })).toBeUndefined();
  });
});

describe('a version of a task that has changed since', () => {
  it('is still listed and described, and neither evaluated, pinned nor gone on from', async () => {
    const task = { manifest, card: '# Tiny data', topology: '{}', revision: 2, alike: new Set([2]) } as unknown as Task;
    const file = encodeModelFile({ topology: '{}', tensors: [], weights: new Float32Array() });
    const store = { pinnedModel: async () => null, pinModel: vi.fn(), evaluation: vi.fn() };
    const evaluator = { evaluate: vi.fn() };
    const models = createModels({
      tasks: new Map([['tiny', task]]),
      runs: { list: () => [{ ...first, task: 'tiny', revision: 1 }] },
      blobs: { read: async () => file },
      ...{ store, evaluator, coordinator: hash('e'), now: () => 0 },
    } as never);
    const model = hash('a1');
    expect(await models.page('tiny', { order: 'latest', most: 9 })).toMatchObject({ total: 3 });
    expect(await models.detail('tiny', model)).toMatchObject({ fits: false, evaluation: null });
    expect(await models.card('tiny', model)).toContain(model);
    expect(await models.evaluate('tiny', model)).toMatchObject({ rejected: 'outdated_model' });
    expect(await models.pin('tiny', model)).toMatchObject({ rejected: 'outdated_model' });
    expect([store.pinModel, store.evaluation, evaluator.evaluate].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});

describe('how a model does on a class', () => {
  it('is counted against all other classes: precision, recall and F1', () => {
    const [cat, dog, bird] = classScores(
      ['cat', 'dog', 'bird'],
      [
        [3, 1, 0],
        [2, 4, 0],
        [0, 0, 0],
      ],
    );
    expect(cat).toEqual({ name: 'cat', examples: 4, predicted: 5, precision: 3 / 5, recall: 3 / 4, f1: 6 / 9 });
    expect(dog).toEqual({ name: 'dog', examples: 6, predicted: 5, precision: 4 / 5, recall: 4 / 6, f1: 8 / 11 });
    expect(bird).toEqual({ name: 'bird', examples: 0, predicted: 0, precision: null, recall: null, f1: null });
  });
});

describe('a model card', () => {
  const card = (change: object = {}, ...runs: RunSummary[]) => {
    const all = [first, ...(runs.length > 0 ? runs : [second])];
    const made = versionsOf(all);
    const version = made.at(-1)!;
    return modelCard({
      task: manifest as never,
      dataCard: '# Tiny data\n\nMade up.\n',
      version,
      ancestry: ancestryOf(made, version.model),
      runs: new Map(all.map((run) => [run.run, run])),
      evaluation: null,
      parameters: 6,
      coordinator: hash('e'),
      ...change,
    });
  };

  it('names the model, the runs behind it, and the transcript of every round of theirs that counts', () => {
    const text = card();
    expect(text).toBe(card());
    for (const part of [
      hash('b1'),
      hash('fb1'),
      hash('fa1'),
      'tiny-1',
      'tiny-2',
      '2 rounds, 8 updates',
      '### Tiny data',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain(hash('fa3'));
    expect(text).toContain('It goes on from a model of another run');
  });

  it('says that there was no noise, or adds up what the runs have spent', () => {
    expect(card()).toContain('No noise was added, so that there is no bound');
    const dp = { epsilon: 9, delta: 1e-5, contributors: 3 };
    const noisy = (run: RunSummary, epsilon: number) =>
      ({
        ...run,
        config: { ...run.config, dp },
        rounds: run.rounds.map((round) => ({ ...round, epsilon })),
      }) as RunSummary;
    const [one, two] = [noisy(first, 1.5), noisy(second, 2)];
    expect(card({ runs: new Map([one, two].map((run) => [run.run, run])) })).toContain('ε = 3.500, δ = 0.000020');
    expect(card({ runs: new Map([one, second].map((run) => [run.run, run])) })).toContain(
      'No noise was added in tiny-2',
    );
  });

  it('tells how well each class is recognised once that was measured, and how to measure it before', () => {
    expect(card()).toContain(`sotto model evaluate tiny ${hash('b1').slice(0, 12)}`);
    const confusion = [
      [2, 0],
      [1, 1],
    ];
    const classes = classScores(['small', 'large'], confusion);
    const evaluation = {
      heldOut: hash('d'),
      at: 0,
      examples: 4,
      correct: 3,
      accuracy: 0.75,
      loss: 0.5,
      confusion,
      classes,
    };
    const text = card({ evaluation });
    expect(text).toContain('| small | 2 | 66.7 % | 100.0 % | 80.0 % |');
    expect(text).toContain('most frequent class would be right in 50.0 %');
    expect(text).toContain('4 held-out examples are few');
  });

  it('of weights that nobody contributed to says just that', () => {
    const untouched = versions[0]!;
    const text = card({ version: untouched, ancestry: [untouched] });
    expect(text).toContain('Nobody contributed to it');
    expect(text).toContain('Nobody’s data is in it.');
  });
});
