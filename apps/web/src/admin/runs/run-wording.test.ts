import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import english from '../../words/en/index.ts';
import { describeLeftOut, describeSettings } from './run-wording.ts';

const i18n = createInstance();
await i18n.init({ lng: 'en', resources: { en: english }, interpolation: { escapeValue: false } });
const t = i18n.getFixedT('en', 'ledger');

const PLAIN = {
  strategy: { name: 'FedAvg' },
  schedule: { name: 'constant', warmup: 0 },
  earlyStopping: null,
  fractionFit: 1,
  groups: null,
  robust: null,
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
        groups: { count: 5, least: 3 },
        robust: { rule: 'trimmed-mean', trim: 0.2, gate: true, tolerance: 0.05 },
      }),
    ).toEqual([
      'FedAdam (eta 0.1, beta_1 0.9, beta_2 0.99, tau 1e-9)',
      'learning rate cosine (least 0.1, warmup 2)',
      'updates of 10 % of those present',
      'ends once 5 rounds in a row bring no better loss',
      'groups (count 5, least 3)',
      'trimmed-mean (trim 0.2, gate on, tolerance 0.05)',
    ]);
    expect(describeSettings({ ...PLAIN, schedule: { name: 'constant', warmup: 3 } })).toEqual([
      'FedAvg',
      'learning rate constant (warmup 3)',
    ]);
  });
});

describe('groups that are not in the model', () => {
  it('are named with the reason, and none where all are in it', () => {
    const kept = { contributors: 5, kept: true };
    expect(describeLeftOut(t, [{ group: 1, ...kept }])).toBeNull();
    expect(
      describeLeftOut(t, [
        { group: 1, ...kept },
        { group: 2, contributors: 5, kept: false, reason: 'gate', accuracy: 0.125 },
        { group: 3, contributors: 0, kept: false, reason: 'too_few_updates' },
      ]),
    ).toMatch(/^1 of 3 groups\. Left out: group 2 by the gate \(alone .* 12\.5 % right\); group 3: Too few devices/);
  });
});
