import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { isRejection } from '@sotto/protocol/rejection';
import type { TaskManifest } from '@sotto/protocol/task';
import { expect, test } from 'vitest';
import { completeConfig } from '../src/rounds/run-config.ts';
import { RunRequest } from '../src/rounds/run-request.ts';

const task = {
  id: 'numbers',
  rounds: 3,
  privacy: { clip: 20, range: 10, exampleCap: 100, minimumCohort: 3 },
} as TaskManifest;

/** What becomes of a request, as it comes over the network. */
function asked(request: object, of = task) {
  const parsed = RunRequest.safeParse({ task: task.id, ...request }, { error: inWords });
  const config = parsed.success ? completeConfig(parsed.data, of, 5) : firstIssue(parsed.error);
  return typeof config === 'string' || !isRejection(config) ? config : config.message;
}

test.each([
  [
    { groups: { count: 8 }, dp: { epsilon: 9, contributors: 30 }, cohort: { most: 100 } },
    'cohort.most: 100 devices are too few, because a round needs 240: groups.count (8) times dp.contributors (30). Raise cohort.most, or lower groups.count, or lower dp.contributors.',
  ],
  [
    { groups: { count: 8 }, cohort: { least: 20 } },
    'cohort.least: 20 devices are too few, because a round needs 24: groups.count (8) times the fewest that the task numbers opens a sum of (3). Raise cohort.least, or lower groups.count.',
  ],
  [
    { groups: { count: 64 }, dp: { epsilon: 9, contributors: 20_000 } },
    'groups.count: a round would need 1280000 devices, groups.count (64) times dp.contributors (20000), and can have 200000 at most. Lower groups.count or dp.contributors.',
  ],
  [
    { minimumCohort: 5, cohort: { most: 4 } },
    'cohort.most: 4 devices are too few, because a round needs 5: minimumCohort (5). Raise cohort.most, or lower minimumCohort.',
  ],
  [
    { cohort: { least: 9, most: 5 } },
    'cohort.least: a round cannot wait for 9 devices and take cohort.most (5) at most; lower the one or raise the other.',
  ],
  [
    { minimumCohort: 200_000 },
    'minimumCohort: No parameter set has room for 200000 contributors in one sum. Lower it.',
  ],
  [
    { groups: { count: 4, least: 5 } },
    'groups.least: 5 groups cannot be opened of groups.count (4); lower the one or raise the other.',
  ],
  [
    { dp: { delta: 1e-5 } },
    'dp: nothing says how much noise there is; give dp.epsilon, what the whole run may spend, or dp.noiseMultiplier.',
  ],
  [
    { robust: { rule: 'median' }, groups: { count: 2 } },
    'robust: of 2 groups nothing can be told apart, and their median is their mean; raise groups.count (2) to 3 or more, or leave it out.',
  ],
  [
    { rounds: 5, schedule: { name: 'constant', warmup: 5 } },
    'schedule.warmup: a learning rate that rises for 5 rounds never gets to its full height in rounds (5); lower the one or raise the other.',
  ],
  [
    { schedule: { name: 'cosine', warmup: 9 } },
    'schedule.warmup: a learning rate that rises for 9 rounds never gets to its full height in rounds (3, as the task numbers says); lower the one or raise the other.',
  ],
])('what does not fit together is told by what was written, its value, and what to change: %j', (request, message) => {
  expect(asked(request)).toBe(message);
});

test.each([
  [{ rounds: '4' }, 'rounds: must be a number, not “4”'],
  [{ rounds: 1.5 }, 'rounds: must be a whole number, not 1.5'],
  [{ rounds: 0 }, 'rounds: must be at least 1, not 0'],
  [{ rounds: null }, 'rounds: must be a number, not null'],
  [{ fractionFit: 0 }, 'fractionFit: must be more than 0, not 0'],
  [{ robust: { rule: 'median', trim: 0.5 } }, 'robust.trim: must be less than 0.5, not 0.5'],
  [{ cohort: 5 }, 'cohort: must be an object, not 5'],
  [{ committee: 'elected' }, 'committee: must be “drawn” or “named”, not “elected”'],
  [{ lanes: 'many' }, 'lanes: must be a number or “auto”, not “many”'],
  [{ groups: {} }, 'groups.count: is missing: give a number'],
  [{ schedule: { name: 'step' } }, 'schedule.every: is missing: give a number'],
  [{ strategy: { name: 'FedProx' } }, 'strategy.proximal_mu: is missing: give a number'],
  [{ strategy: { name: 'FedAvg', eta: 1 } }, 'strategy: FedAvg takes no eta: leave it out, or choose another name'],
  [
    { schedule: { name: 'cosine', factor: 1 } },
    'schedule: cosine takes no factor: leave it out, or choose another name',
  ],
  [
    { strategy: { name: 'Fed' } },
    'strategy.name: must be “FedAvg”, “FedAvgM”, “FedProx”, “FedAdam”, “FedYogi” or “FedAdagrad”, not “Fed”',
  ],
  [{ earlyStopping: {} }, 'earlyStopping.metric: is missing: give “loss” or “accuracy”'],
  [{ task: undefined }, 'task: is missing'],
  [{ nope: 1 }, 'there is no field “nope”: leave it out, or correct its name'],
])('a field that is wrong is told in words, with its value: %j', (request, message) => {
  expect(asked(request)).toBe(message);
});

test('a warm-up that is over before the last round, and a rule for three groups, are as good as any', () => {
  expect(asked({ schedule: { name: 'constant', warmup: 2 } })).toMatchObject({ rounds: 3, schedule: { warmup: 2 } });
  expect(asked({ groups: { count: 3 }, robust: { rule: 'median' } })).toMatchObject({ groups: { count: 3, least: 2 } });
});

test('a text that may be a key is not repeated to whoever wrote it into a wrong field', () => {
  expect(asked({ rounds: 'a'.repeat(64) })).toBe('rounds: must be a number');
});

test('what noise and groups leave open is filled in: δ below one in the number of people, most of the groups', () => {
  expect(asked({ dp: { epsilon: 2 }, groups: { count: 4 } })).toMatchObject({
    dp: { epsilon: 2, delta: 1e-5, contributors: 3 },
    groups: { count: 4, least: 3 },
    cohort: { least: 12 },
  });
  expect(asked({ dp: { epsilon: 8, contributors: 100_000 } })).toMatchObject({
    minimumCohort: 100_000,
    dp: { delta: 1e-6, contributors: 100_000 },
  });
});

test('what a request leaves out is what the task says of its runs, and what it says itself comes first', () => {
  const told = { strategy: { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.9 }, bits: 6 } as const;
  const own = { ...task, run: { ...told, committee: 'named', dp: { epsilon: 9 } } } as TaskManifest;
  expect(asked({}, own)).toMatchObject({
    ...told,
    committee: 'named',
    dp: { epsilon: 9, delta: 1e-5, contributors: 3 },
  });
  expect(asked({ strategy: { name: 'FedAvg' }, dp: null, committee: 'drawn', bits: 4 }, own)).toMatchObject({
    strategy: { name: 'FedAvg' },
    dp: null,
    committee: 'drawn',
    bits: 4,
  });
});
