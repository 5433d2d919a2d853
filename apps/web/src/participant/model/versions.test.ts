import type { PublishedRound, RoundOutcome, RunSummary } from '@sotto/protocol/run';
import { describe, expect, it } from 'vitest';
import { learnedRun, offeredVersion, spreadVersions, versionsOf } from './versions.ts';

const published = (round: number) => ({ kind: 'published', round }) as PublishedRound;
const runOf = (...rounds: Partial<RoundOutcome>[]) => ({ rounds }) as unknown as RunSummary;
const roundsOf = (versions: readonly PublishedRound[]) => versions.map(({ round }) => round);

describe('the versions of the shared model', () => {
  it('are those of the published rounds, the latest first', () => {
    expect(versionsOf(null)).toEqual([]);
    expect(versionsOf(runOf())).toEqual([]);
    const run = runOf(published(1), { kind: 'abandoned', round: 2 }, published(3));
    expect(roundsOf(versionsOf(run))).toEqual([3, 1]);
  });

  it('are an earlier run’s as long as the latest has none', () => {
    const [earlier, begun, under] = [runOf(published(1)), runOf({ kind: 'abandoned' }), runOf(published(1))];
    expect(learnedRun({ run: begun, earlier, pinned: null })).toBe(earlier);
    expect(learnedRun({ run: under, earlier, pinned: null })).toBe(under);
    expect(learnedRun({ run: null, earlier: null, pinned: null })).toBeNull();
  });

  it('are those of the pinned version’s run, and it is offered whatever came after it', () => {
    const pinned = { model: 'a1', run: 'a', round: 1 };
    const [earlier, later] = ['a', 'b'].map((run) => ({
      run,
      rounds: [1, 2].map((round) => ({ ...published(round), model: `${run}${round}` })),
    })) as unknown as [RunSummary, RunSummary];
    expect(offeredVersion({ run: later, earlier, pinned: null })?.model).toBe('b2');
    expect(offeredVersion({ run: later, earlier, pinned })?.model).toBe('a1');
    expect(offeredVersion({ run: earlier, earlier: null, pinned })?.model).toBe('a1');
    expect(offeredVersion({ run: null, earlier: null, pinned: null })).toBeNull();
  });

  it('are thinned out evenly where there are many, the ends kept', () => {
    const versions = Array.from({ length: 100 }, (_, i) => published(100 - i));
    expect(roundsOf(spreadVersions(versions, 4))).toEqual([1, 34, 67, 100]);
    expect(roundsOf(spreadVersions(versions.slice(0, 3), 4))).toEqual([98, 99, 100]);
  });
});
