import { describe, expect, it } from 'vitest';
import strings from '../../../test-vectors/strings.json' with { type: 'json' };
import { changedDigits, misshapen } from '../src/bad-siblings.ts';
import { verifyStrings } from '../src/known-answers.ts';

const passes = (vector: unknown) => verifyStrings(vector).every(({ ok }) => ok);

describe('the known answers of strings.json', () => {
  it('are what this package makes of the same inputs', () => {
    expect(verifyStrings(strings)).toEqual([{ case: 'strings', ok: true, differences: [] }]);
  });

  it('have bad siblings: any one digit changed, anywhere in the file, is found', () => {
    const siblings = changedDigits(strings);
    expect(siblings.length).toBeGreaterThan(1000);
    expect(siblings.filter(({ vector }) => passes(vector)).map(({ path }) => path)).toEqual([]);
  });

  it('refuse a missing field, an unknown one, a shorter list and a value of another type', () => {
    const siblings = misshapen(strings);
    expect(siblings.length).toBeGreaterThan(20);
    expect(siblings.filter(({ vector }) => passes(vector)).map(({ path }) => path)).toEqual([]);
  });

  it('accept inputs that no seed gave, as long as every string follows from them', () => {
    const planHash = 'ab'.repeat(32);
    const own = JSON.parse(JSON.stringify(strings).replaceAll(strings.planHash, planHash)) as typeof strings;
    const [result] = verifyStrings(own);
    expect(result?.differences.map((difference) => difference.split(':')[0])).toEqual(['updateDigest']);
  });

  it('name the place and both values of a difference', () => {
    const [result] = verifyStrings({ ...strings, updateDigest: 'ff' });
    expect(result?.differences).toEqual([`updateDigest: "ff", recomputed "${strings.updateDigest}"`]);
  });

  it.each([null, 7, 'text', [], {}])('call %j no such file instead of throwing', (vector) => {
    expect(passes(vector)).toBe(false);
  });
});
