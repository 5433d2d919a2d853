import { expect, it } from 'vitest';
import { drawPassphrase, faultOf } from './passphrase.ts';

it('suggests passphrases that are long enough, and another each time', () => {
  const drawn = Array.from({ length: 50 }, drawPassphrase);
  for (const one of drawn) {
    expect(one).toMatch(/^([a-hjkmnp-z2-9]{4}-){4}[a-hjkmnp-z2-9]{4}$/);
    expect(faultOf(one, one)).toEqual({});
  }
  expect(new Set(drawn).size).toBe(50);
});

it('says what is wrong with one that is typed', () => {
  expect(faultOf('short', 'short')).toHaveProperty('passphrase');
  expect(faultOf('long enough to use', 'long enough to usw')).toEqual({ again: 'Not the same as above.' });
});
