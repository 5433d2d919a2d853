import { describe, expect, it } from 'vitest';
import accountant from '../../../../test-vectors/accountant.json' with { type: 'json' };
import { verifyAccountant } from '../../src/known-answers/accountant.ts';
import { changedDigits, misshapen, survivorsOf } from './bad-siblings.ts';

const passes = async (vector: unknown) => (await verifyAccountant(vector)).every(({ ok }) => ok);

/** Each case as a file of its own: a change in one is looked for there alone. */
const singles = accountant.cases.map((one, i) => ({
  name: `case ${i + 1}`,
  vector: { ...accountant, cases: [one] },
}));

describe('the known answers of accountant.json', () => {
  it('are what our accountant makes of the same numbers, those of dp_accounting among them', async () => {
    const results = await verifyAccountant(accountant);
    expect(results).toHaveLength(1 + accountant.cases.length);
    for (const result of results) expect(result).toEqual({ case: result.case, ok: true, differences: [] });
    expect(accountant.cases.filter((one) => one.reference)).toHaveLength(14);
  });

  it.each(singles)('have bad siblings: any one digit changed is found in $name', async ({ vector }) => {
    const siblings = changedDigits(vector);
    expect(siblings.length).toBeGreaterThan(40);
    const survivors = (await survivorsOf(siblings, passes)).map(({ path }) => path);
    // One more contributor can leave λ as it is, one order less the constant cost: such a file is another true one.
    const isTrueAnyway = (path: string) =>
      path.includes('.nMax@') || (vector.cases[0]?.mechanism?.name === 'constant' && path.includes('.first@'));
    expect(survivors.filter((path) => !isTrueAnyway(path))).toEqual([]);
  });

  it.each(singles)('refuse another shape of $name', async ({ vector }) => {
    const siblings = misshapen(vector);
    expect(siblings.length).toBeGreaterThan(30);
    // A file of more cases, or without a reference, is a file, too.
    const survivors = (await survivorsOf(siblings, passes)).filter(
      ({ path }) => !/(cases lengthened|reference null)$/.test(path),
    );
    for (const sibling of survivors) expect(sibling.vector, sibling.path).toEqual(vector);
  });

  it.each([null, 7, 'text', [], {}, { note: '', cases: [] }])(
    'call %j no such file instead of throwing',
    async (vector) => {
      expect(await passes(vector)).toBe(false);
    },
  );
});
