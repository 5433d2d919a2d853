import { describe, expect, it } from 'vitest';
import strings from '../../../../test-vectors/strings.json' with { type: 'json' };
import { verifyStrings } from '../../src/known-answers/strings.ts';
import { changedDigits, misshapen, survivorsOf } from './bad-siblings.ts';

const passes = async (vector: unknown) => (await verifyStrings(vector)).every(({ ok }) => ok);

describe('the known answers of strings.json', () => {
  it('are what the protocol makes of the same inputs', async () => {
    expect(await verifyStrings(strings)).toEqual([{ case: 'strings', ok: true, differences: [] }]);
  });

  it('have bad siblings: any one digit changed, anywhere in the file, is found', async () => {
    const siblings = changedDigits(strings);
    expect(siblings.length).toBeGreaterThan(1000);
    expect(await survivorsOf(siblings, passes)).toEqual([]);
  });

  it('refuse a missing field, an unknown one, a shorter list and a value of another type', async () => {
    const siblings = misshapen(strings);
    expect(siblings.length).toBeGreaterThan(20);
    expect(await survivorsOf(siblings, passes)).toEqual([]);
  });

  it('accept inputs that no seed gave, as long as every string follows from them', async () => {
    const planHash = 'ab'.repeat(32);
    const own = JSON.parse(JSON.stringify(strings).replaceAll(strings.planHash, planHash)) as typeof strings;
    const [result] = await verifyStrings(own);
    expect(result?.differences.map((difference) => difference.split(':')[0])).toEqual(['updateDigest']);
  });

  it('name the place and both values of a difference', async () => {
    const [result] = await verifyStrings({ ...strings, updateDigest: 'ff' });
    expect(result?.differences).toEqual([`updateDigest: "ff", recomputed "${strings.updateDigest}"`]);
  });

  it.each([null, 7, 'text', [], {}])('call %j no such file instead of throwing', async (vector) => {
    expect(await passes(vector)).toBe(false);
  });
});
