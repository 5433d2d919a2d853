import { RunConfig } from '@sotto/protocol/run';
import { describe, expect, it } from 'vitest';
import { FIELDS } from './fields.ts';
import { requestOf, settingsOf, valuesOf, wordsOf } from './form-values.ts';

const config = RunConfig.parse({
  task: 'mnist',
  rounds: 20,
  cohort: { least: 5, most: 50 },
  minimumCohort: 4,
  committee: 'drawn',
  strategy: { name: 'FedAdam', eta_l: 0.02 },
  schedule: { name: 'step', every: 5, factor: 0.5 },
  earlyStopping: { metric: 'loss', patience: 4 },
  dp: { epsilon: 4, delta: 1e-5, contributors: 4 },
  groups: { count: 3, least: 2 },
  robust: { rule: 'median' },
  lanes: 'auto',
  startFrom: '0'.repeat(64),
  seed: 7,
});

const usual = RunConfig.parse({
  task: 'mnist',
  rounds: 5,
  cohort: { least: 3, most: 200 },
  minimumCohort: 3,
  committee: 'drawn',
  seed: 1,
});

describe('the form of a run', () => {
  it('asks for what stands in it and for nothing else, in the units of the request', () => {
    expect(
      requestOf('mnist', { rounds: ' 10 ', 'cohort.least': '4', 'durations.uploadMs': '1,5', lanes: 'auto' }),
    ).toEqual({
      task: 'mnist',
      rounds: 10,
      cohort: { least: 4 },
      durations: { uploadMs: 1500 },
      lanes: 'auto',
    });
    expect(requestOf('mnist', { rounds: '', committee: '' })).toEqual({ task: 'mnist' });
  });

  it('leaves out what belongs to another choice than the one made', () => {
    const values = {
      'strategy.name': 'FedProx',
      'strategy.eta': '0.1',
      'strategy.proximal_mu': '0.2',
      'dp.delta': '0.001',
    };
    expect(requestOf('mnist', values)).toEqual({ task: 'mnist', strategy: { name: 'FedProx', proximal_mu: 0.2 } });
  });

  it('says what is usual where something that hangs on it is told', () => {
    expect(requestOf('mnist', { 'schedule.warmup': '2' })).toEqual({
      task: 'mnist',
      schedule: { name: 'constant', warmup: 2 },
    });
  });

  it('hands on what is no number, for the coordinator to say so', () => {
    expect(requestOf('mnist', { rounds: 'many' })).toEqual({ task: 'mnist', rounds: 'many' });
  });

  it.each([config, usual])('is filled by a run so that it asks for the same again', (told) => {
    const request = requestOf('mnist', valuesOf(told));
    expect(RunConfig.parse({ committee: 'drawn', ...request })).toEqual(told);
  });

  it('has a field for every setting there is', () => {
    const paths = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => paths(inner, path === '' ? name : `${path}.${name}`))
        : [path];
    const known = new Set(FIELDS.map(({ name }) => name));
    expect(paths(config, '').filter((name) => name !== 'task' && !known.has(name))).toEqual([]);
  });

  it('is one command, every setting by its name', () => {
    expect(wordsOf('mnist', { rounds: '3', 'strategy.name': 'FedProx', 'strategy.proximal_mu': '0.1' })).toEqual([
      'mnist',
      'rounds=3',
      'strategy.name=FedProx',
      'strategy.proximal_mu=0.1',
    ]);
    expect(settingsOf({ rotation: 'true' })).toEqual([['rotation', true]]);
  });
});
