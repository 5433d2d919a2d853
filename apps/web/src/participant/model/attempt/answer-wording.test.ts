import { createInstance } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import english from '../../../words/en/index.ts';
import type { Words } from '../../../words/words.ts';
import { describeFailure } from '../failure.ts';
import { rankClasses, wordAnswer, wordShare } from './answer-wording.ts';

let t: Words<'model'>;

beforeAll(async () => {
  const words = createInstance();
  await words.init({ lng: 'en', resources: { en: english }, interpolation: { escapeValue: false } });
  t = words.getFixedT('en', 'model');
});

describe('an answer in words', () => {
  it('names the favourite, or between which two the model hesitates', () => {
    expect(wordAnswer(t, [0.02, 0.97, 0.01], ['cat', 'dog', 'cow'])).toBe('dog · 97 %');
    expect(wordAnswer(t, [0.41, 0.2, 0.39], ['cat', 'dog', 'cow'])).toBe('Not sure: cat (41 %) or cow (39 %)');
  });

  it('never calls anything certain or impossible', () => {
    expect([1, 0.996, 0.994, 0.5, 0.006, 0.001, 0].map((share) => wordShare(t, share))).toEqual([
      '> 99 %',
      '> 99 %',
      '99 %',
      '50 %',
      '1 %',
      '< 1 %',
      '< 1 %',
    ]);
  });

  it('ranks equals in the task’s order', () => {
    expect(rankClasses([0.25, 0.5, 0.25], ['a', 'b', 'c']).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });
});

describe('a failure', () => {
  it('says what to do, whatever it is', () => {
    expect(describeFailure(t, { code: 'unreachable' }).title).toBe('The model cannot be fetched');
    expect(describeFailure(t, { code: 'not_finite' }).todo).toContain('earlier version');
    for (const odd of [new Error('x'), null, 'text', { code: 'whatever' }])
      expect(describeFailure(t, odd).title).toBe('Computing broke off');
  });
});
