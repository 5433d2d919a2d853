import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Contribution,
  type ContributionEvent,
  type ContributionRecord,
  contributionFrom,
  contributionStep,
} from '../../src/round/contribution.ts';
import { deepFreeze } from './frozen.ts';
import { id } from './round-host.ts';

/** Two plans for each of five rounds, as a lying coordinator would show them. */
const planOf = (round: number, version: number) => id(`plan ${round}/${version}`);

type Action =
  | {
      readonly do: 'ask' | 'over' | 'give-up' | 'learned' | 'acknowledge' | 'take-back';
      readonly round: number;
      readonly version: number;
    }
  | { readonly do: 'work'; readonly which: number }
  | { readonly do: 'crash'; readonly after: number };

const about = fc.record({
  do: fc.constantFrom(
    'ask' as const,
    'ask' as const,
    'ask' as const,
    'over' as const,
    'give-up' as const,
    'learned' as const,
    'acknowledge' as const,
    'take-back' as const,
  ),
  round: fc.integer({ min: 1, max: 5 }),
  version: fc.constantFrom(0, 0, 0, 1),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: about },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), after: fc.nat(2) }) },
);

interface Sent {
  readonly round: number;
  readonly planHash: string;
  readonly bytes: string;
}

/** A device whose every sealing comes out different, as it must: a fresh key each time. */
function createContributor() {
  let durable: { record: ContributionRecord; bytes: string | undefined } | undefined;
  let state: Contribution = contributionFrom(null);
  let pending: (() => void)[] = [];
  let crashAfter = Number.POSITIVE_INFINITY;
  let sealings = 0;
  const sent: Sent[] = [];

  function apply(event: ContributionEvent, sealed?: string): void {
    const before = state;
    const step = deepFreeze(contributionStep(deepFreeze(before), deepFreeze(event)));
    if (step.refused) {
      expect(step.contribution).toBe(before);
      expect(step.effects).toEqual([]);
    }
    if (before.record) {
      expect(step.contribution.record).not.toBeNull();
      expect(step.contribution.record!.round).toBeGreaterThanOrEqual(before.record.round);
    }
    state = step.contribution;
    for (const effect of step.effects) {
      if (crashAfter-- <= 0) {
        crash();
        return;
      }
      switch (effect.do) {
        case 'learn':
          pending.push(() => apply({ type: 'learned', planHash: effect.planHash }));
          break;
        case 'seal':
          pending.push(() => {
            sealings++;
            apply({ type: 'sealed', planHash: effect.planHash }, `sealing ${sealings}`);
          });
          break;
        case 'persist':
          durable = { record: effect.record, bytes: sealed ?? durable?.bytes };
          break;
        case 'send':
          expect(durable?.record.withdrawn, 'what was taken back is not sent').toBeUndefined();
          if (durable?.record.planHash === effect.planHash && durable.bytes !== undefined)
            sent.push({ round: durable.record.round, planHash: effect.planHash, bytes: durable.bytes });
          break;
        case 'discard':
          if (durable?.record.planHash === effect.planHash) durable = { ...durable, bytes: undefined };
      }
    }
  }

  function crash(): void {
    crashAfter = Number.POSITIVE_INFINITY;
    pending = [];
    state = contributionFrom(durable?.record ?? null);
  }

  function perform(action: Action): void {
    if (action.do === 'work') {
      const [job] = pending.splice(action.which % Math.max(1, pending.length), 1);
      job?.();
    } else if (action.do === 'crash') {
      if (action.after === 0) crash();
      else crashAfter = action.after - 1;
    } else {
      const { round, version } = action;
      const planHash = planOf(round, version);
      const types = {
        over: 'round-over',
        'give-up': 'gave-up',
        learned: 'learned',
        acknowledge: 'acknowledged',
        'take-back': 'withdrawn',
      } as const;
      apply(action.do === 'ask' ? { type: 'asked', planHash, round } : { type: types[action.do], planHash });
    }
  }

  return { perform, sent };
}

describe('a contributor, over random plans, delays and crashes', () => {
  it('sends one update a round at most, in identical bytes, with rounds only growing', () => {
    let most = 0;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80, size: 'max' }), (actions) => {
        const contributor = createContributor();
        for (const action of actions) contributor.perform(action);
        const rounds = contributor.sent.map(({ round }) => round);
        expect(rounds).toEqual([...rounds].sort((a, b) => a - b));
        for (const round of new Set(rounds)) {
          const own = contributor.sent.filter((message) => message.round === round);
          expect(new Set(own.map(({ planHash, bytes }) => `${planHash} ${bytes}`)).size).toBe(1);
        }
        most = Math.max(most, new Set(rounds).size);
      }),
      { numRuns: 1000 },
    );
    expect(most).toBeGreaterThan(2);
  });
});

describe('a coordinator that lies to a contributor', () => {
  const A = planOf(5, 0);
  const B = planOf(5, 1);
  const fold = (state: Contribution, ...events: ContributionEvent[]) =>
    events.reduce((contribution, event) => contributionStep(contribution, event).contribution, state);
  const contributed = contributionFrom({ round: 5, planHash: A, sent: false });

  it('with two plans for one round gets an update for the first that was sealed', () => {
    expect(contributionStep(contributed, { type: 'asked', planHash: B, round: 5 }).refused?.rejected).toBe('old_round');
    const learning = fold(contributionFrom(null), { type: 'asked', planHash: A, round: 5 });
    expect(contributionStep(learning, { type: 'asked', planHash: B, round: 5 }).refused?.rejected).toBe('other_plan');
  });

  it('with an older round, or the same one again, gets nothing new', () => {
    for (const round of [1, 4, 5])
      expect(
        contributionStep(contributed, { type: 'asked', planHash: planOf(round, 1), round }).refused?.rejected,
      ).toBe('old_round');
    expect(contributionStep(contributed, { type: 'asked', planHash: planOf(6, 0), round: 6 }).effects).toEqual([
      { do: 'learn', planHash: planOf(6, 0) },
    ]);
  });

  it('that asks again for the same plan gets the stored bytes, and nothing is sealed again', () => {
    for (const sent of [false, true]) {
      const state = contributionFrom({ round: 5, planHash: A, sent });
      expect(contributionStep(state, { type: 'asked', planHash: A, round: 5 }).effects).toEqual([
        { do: 'send', planHash: A },
      ]);
    }
  });

  it('cannot have a plan sealed twice: what is sealed after the first is never sent', () => {
    const sending = fold(
      contributionFrom(null),
      { type: 'asked', planHash: A, round: 5 },
      { type: 'learned', planHash: A },
      { type: 'sealed', planHash: A },
    );
    for (const state of [sending, fold(sending, { type: 'acknowledged', planHash: A })])
      expect(contributionStep(state, { type: 'sealed', planHash: A })).toEqual({ contribution: state, effects: [] });
  });

  it('cannot have a sealing that finishes late sent for a plan that was given up', () => {
    const sealing = fold(
      contributionFrom(null),
      { type: 'asked', planHash: A, round: 5 },
      { type: 'learned', planHash: A },
      { type: 'gave-up', planHash: A },
      { type: 'asked', planHash: B, round: 5 },
    );
    expect(contributionStep(sealing, { type: 'sealed', planHash: A }).effects).toEqual([]);
  });
});

describe('a contribution', () => {
  it('that was taken back is not sent again, nor another one in its round; the next round is open to it', () => {
    for (const phase of ['sending', 'sent'] as const) {
      const record = { round: 2, planHash: id('plan'), sent: phase === 'sent' };
      const before: Contribution = { phase, planHash: id('plan'), round: 2, record };
      const { contribution, effects } = contributionStep(before, { type: 'withdrawn', planHash: id('plan') });
      expect(effects).toEqual([
        { do: 'persist', record: { ...record, withdrawn: true } },
        { do: 'discard', planHash: id('plan') },
      ]);
      for (const state of [contribution, contributionFrom(contribution.record)]) {
        expect(contributionStep(state, { type: 'asked', planHash: id('plan'), round: 2 }).effects).toEqual([]);
        expect(contributionStep(state, { type: 'asked', planHash: id('other'), round: 2 }).refused?.rejected).toBe(
          'old_round',
        );
        expect(contributionStep(state, { type: 'asked', planHash: id('next'), round: 3 }).effects).toEqual([
          { do: 'learn', planHash: id('next') },
        ]);
      }
    }
    const sealing: Contribution = { phase: 'sealing', planHash: id('plan'), round: 2, record: null };
    expect(contributionStep(sealing, { type: 'withdrawn', planHash: id('plan') }).contribution).toBe(sealing);
  });

  it('is durable before it is sent', () => {
    const sealing: Contribution = { phase: 'sealing', planHash: id('plan'), round: 2, record: null };
    expect(
      contributionStep(sealing, { type: 'sealed', planHash: id('plan') }).effects.map(({ do: name }) => name),
    ).toEqual(['persist', 'send']);
  });

  it('keeps its record when the round is over; only the bytes go', () => {
    const record = { round: 2, planHash: id('plan'), sent: true };
    const { contribution, effects } = contributionStep(
      { phase: 'sent', planHash: id('plan'), round: 2, record },
      { type: 'round-over', planHash: id('plan') },
    );
    expect(contribution.record).toBe(record);
    expect(effects).toEqual([{ do: 'discard', planHash: id('plan') }]);
  });
});
