import { describe, expect, it } from 'vitest';
import { describeSettings } from './run-wording.ts';

const PLAIN = {
  strategy: { name: 'FedAvg' },
  schedule: { name: 'constant', warmup: 0 },
  earlyStopping: null,
  fractionFit: 1,
} as const;

describe('how a run learns is said', () => {
  it('by its strategy alone where nothing else is special', () => {
    expect(describeSettings(PLAIN)).toEqual(['FedAvg']);
  });

  it('with every hyper-parameter by its name, and whatever is not as by default', () => {
    expect(
      describeSettings({
        strategy: { name: 'FedAdam', eta: 0.1, beta_1: 0.9, beta_2: 0.99, tau: 1e-9 },
        schedule: { name: 'cosine', least: 0.1, warmup: 2 },
        earlyStopping: { metric: 'loss', patience: 5, minDelta: 0 },
        fractionFit: 0.1,
      }),
    ).toEqual([
      'FedAdam (eta 0.1, beta_1 0.9, beta_2 0.99, tau 1e-9)',
      'learning rate cosine (least 0.1, warmup 2)',
      'updates of 10 % of those present',
      'ends once 5 rounds in a row bring no better loss',
    ]);
    expect(describeSettings({ ...PLAIN, schedule: { name: 'constant', warmup: 3 } })).toEqual([
      'FedAvg',
      'learning rate constant (warmup 3)',
    ]);
  });
});
