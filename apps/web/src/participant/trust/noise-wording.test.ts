import type { NoiseTerms, Terms } from '@sotto/participant/terms';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import english from '../../words/en/index.ts';
import { describeNoise, describeNoiseTerms } from './noise-wording.ts';
import { describeFurtherLimits, describeProtection } from './protection-wording.ts';

const i18n = createInstance();
await i18n.init({ lng: 'en', resources: { en: english }, interpolation: { escapeValue: false } });
const t = i18n.getFixedT('en', 'trust');

const NOISE: NoiseTerms = { epsilon: 2, delta: 1e-5, contributors: 10 };
const sayings = (noise: Terms['noise'], good: boolean) =>
  describeNoise(t, noise)
    .filter((statement) => statement.good === good)
    .map(({ text }) => text)
    .join();

describe('what the page says of noise', () => {
  it('is by what factor odds may rise, and with what chance more, rounded to nobody’s favour but the device’s', () => {
    expect(sayings(NOISE, true)).toMatch(/7\.4-fold .*ε = 2.* 1 in 100,000/);
    expect(sayings({ ...NOISE, epsilon: 3 }, true)).toContain('21-fold');
    expect(sayings({ ...NOISE, epsilon: 0.25 }, true)).toContain('1.3-fold');
  });

  it('names whom it counts on: the committee, and others who add theirs, without the device itself', () => {
    expect(sayings(NOISE, false)).toMatch(/committee opens nothing but sums.* 9 others in each sum.*cannot check/);
    expect(sayings({ ...NOISE, contributors: 2 }, false)).toContain('1 other in each sum');
    expect(sayings({ ...NOISE, contributors: 1 }, false)).toContain('nobody else’s noise');
  });

  it.each([
    ['so much ε that it promises nothing', { ...NOISE, epsilon: 11 }, 'next to nothing (ε = 11)'],
    ['no limit for the run', { ...NOISE, epsilon: null }, 'no limit was set'],
    ['none', 'none' as const, 'No noise hides'],
    ['nothing known yet', null, 'Unless the next run says otherwise, no noise'],
  ])('is a limit, and no protection, with %s', (_, noise, said) => {
    expect(sayings(noise, true)).toBe('');
    expect(sayings(noise, false)).toContain(said);
  });

  it('leaves out that no noise hides anything, and that counts are opened, where noise does and they are not', () => {
    const said = [
      ...describeProtection(t, OPEN_PINS, null, NOISE).map(({ text }) => text),
      ...describeFurtherLimits(t, NOISE),
    ].join('\n');
    expect(said).not.toMatch(/No noise|with it counts|work out that one’s update/);
    expect(said).toMatch(/Nothing that is counted .* is opened/);
    expect(said).toMatch(/only that one’s own share of the noise/);
    expect(said).toMatch(/several makes as much known as all of them together/);
  });

  it('puts noise that changed in one line, before and now', () => {
    expect(describeNoiseTerms(t, NOISE)).toBe('ε = 2, δ = 0.00001, counting on 10 contributors');
    expect(describeNoiseTerms(t, { ...NOISE, epsilon: null })).toContain('without a limit');
    expect(describeNoiseTerms(t, 'none')).toBe('none');
  });
});
