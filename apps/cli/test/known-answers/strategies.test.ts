import { describe, expect, it } from 'vitest';
import strategies from '../../../../test-vectors/strategies.json' with { type: 'json' };
import { verifyStrategies } from '../../src/known-answers/strategies.ts';
import { changedDigits, misshapen, survivorsOf } from './bad-siblings.ts';

const passes = async (vector: unknown) => (await verifyStrategies(vector)).every(({ ok }) => ok);

/** Each case as a file of its own: a change in one is looked for there alone. */
const singles = strategies.cases.map((one, i) => ({
  name: `${one.strategy.name}, case ${i + 1}`,
  vector: { ...strategies, cases: [one] },
}));

/** μ is a matter of the devices; and where every step ends on the surface of the ball, its length before that says nothing. */
function isTrueAnyway({ strategy, clip }: (typeof strategies.cases)[number], path: string): boolean {
  return (
    path.includes('proximal_mu') || (strategy.name === 'FedAdam' && clip < 10_000 && path.includes('strategy.eta@'))
  );
}

describe('the known answers of strategies.json', () => {
  it('are what our strategies make of the same means, bit for bit', async () => {
    const results = await verifyStrategies(strategies);
    expect(results).toHaveLength(1 + strategies.cases.length);
    for (const result of results) expect(result).toEqual({ case: result.case, ok: true, differences: [] });
  });

  it.each(singles)('have bad siblings: any one digit changed is found in $name', async ({ vector }) => {
    const siblings = changedDigits(vector);
    expect(siblings.length).toBeGreaterThan(200);
    const missed = (await survivorsOf(siblings, passes)).map(({ path }) => path);
    expect(missed.filter((path) => !isTrueAnyway(vector.cases[0]!, path))).toEqual([]);
  });

  it.each(singles)('refuse another shape of $name', async ({ vector }) => {
    const siblings = misshapen(vector);
    expect(siblings.length).toBeGreaterThan(200);
    // A file of fewer rounds or more cases is a file, too; and no moment is null already where there is none.
    const survivors = (await survivorsOf(siblings, passes)).filter(
      ({ path }) => !/(rounds shortened|cases lengthened)$/.test(path),
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
