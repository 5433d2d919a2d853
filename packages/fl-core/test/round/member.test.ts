import { leastThreshold } from '@sotto/protocol/plan';
import { listHash } from '@sotto/protocol/update-record';
import { describe, expect, it } from 'vitest';
import { type MemberEvent, type MemberRecord, type MemberStep, memberStep } from '../../src/round/member.ts';
import { id } from './round-host.ts';

const DEVICES = ['a', 'b', 'c', 'd', 'e', 'f'].map(id).sort();
const PLAN = id('plan');
const OTHER_PLAN = id('another plan for the same round');
const ONE_TIME = { key: id('key'), expiry: 1, signature: '00' };
const NONE: ReadonlySet<string> = new Set();

const listed = (devices: readonly string[], version = 0) =>
  devices.map((device) => ({ device, digest: id(`${device}/${version}`) }));
const hashOf = (devices: readonly string[]) => listHash(listed(devices));

/** A member that gave its key and checked `candidates`. */
function checked(candidates: readonly string[] = DEVICES, unusable: readonly string[] = []): MemberRecord {
  return {
    oneTime: ONE_TIME,
    check: {
      planHash: PLAN,
      candidatesHash: hashOf(candidates),
      candidates: listed(candidates).map((entry) => ({ ...entry, usable: !unusable.includes(entry.device) })),
      terms: { x: 1, threshold: 3, minimumCohort: 3, nMax: 5 },
      answer: 'AA',
      signature: '00',
    },
  };
}

function askVote(
  record: MemberRecord | undefined,
  contributors: readonly string[],
  elsewhere = NONE,
  planHash = PLAN,
): MemberStep {
  return memberStep(record, { type: 'vote-asked', planHash, contributors, elsewhere });
}

/** Asks for a vote, lets the member sign, and returns its record. */
function voted(record: MemberRecord, contributors: readonly string[]): MemberRecord {
  const asked = askVote(record, contributors);
  const effect = asked.effects[0];
  if (effect?.do !== 'sign-vote') throw new Error(asked.refused?.message ?? 'no vote');
  return memberStep(record, {
    type: 'vote-signed',
    contributors: effect.contributors,
    list: effect.list,
    signature: '01',
  }).record!;
}

function askOpen(record: MemberRecord, contributors: readonly string[], votes = 3): MemberStep {
  return memberStep(record, { type: 'open-asked', planHash: PLAN, contributors: hashOf(contributors), votes });
}

const effects = (step: MemberStep) => step.effects.map(({ do: name }) => name);

describe('a coordinator that lies to a committee member', () => {
  const U = DEVICES.slice(0, 4);

  it('with two plans for one round is answered for the first only, even where both checks were under way', () => {
    const record: MemberRecord = { oneTime: ONE_TIME };
    const ask = (planHash: string): MemberEvent => ({
      type: 'check-asked',
      planHash,
      oneTimeKey: ONE_TIME.key,
      candidatesHash: hashOf(U),
    });
    expect(effects(memberStep(record, ask(PLAN)))).toEqual(['compute-check']);
    expect(effects(memberStep(record, ask(OTHER_PLAN)))).toEqual(['compute-check']);
    const first = checked(U);
    const late = memberStep(first, { type: 'checked', check: { ...first.check!, planHash: OTHER_PLAN } });
    expect(late).toMatchObject({ record: first, effects: [], refused: { rejected: 'already_checked' } });
    expect(memberStep(first, ask(OTHER_PLAN)).refused?.rejected).toBe('already_checked');
    expect(askVote(first, U, NONE, OTHER_PLAN).refused?.rejected).toBe('not_checked');
  });

  it('with two lists of candidates is answered for the first only', () => {
    const again = memberStep(checked(U), {
      type: 'check-asked',
      planHash: PLAN,
      oneTimeKey: ONE_TIME.key,
      candidatesHash: hashOf(DEVICES),
    });
    expect(again.refused?.rejected).toBe('already_checked');
    const same = memberStep(checked(U), {
      type: 'check-asked',
      planHash: PLAN,
      oneTimeKey: ONE_TIME.key,
      candidatesHash: hashOf(U),
    });
    expect(effects(same)).toEqual(['send-answer']);
  });

  it("with a plan that lists somebody else's one-time key in the member's place is refused", () => {
    const asked = memberStep(
      { oneTime: ONE_TIME },
      { type: 'check-asked', planHash: PLAN, oneTimeKey: id('mine'), candidatesHash: hashOf(U) },
    );
    expect(asked.refused?.rejected).toBe('foreign_key');
  });

  it('that asks before any key was given, or after it was forgotten with its record, gets nothing', () => {
    for (const event of [
      { type: 'check-asked', planHash: PLAN, oneTimeKey: ONE_TIME.key, candidatesHash: hashOf(U) },
      { type: 'vote-asked', planHash: PLAN, contributors: U, elsewhere: NONE },
      { type: 'open-asked', planHash: PLAN, contributors: hashOf(U), votes: 9 },
    ] as const)
      expect(memberStep(undefined, event)).toMatchObject({ effects: [], refused: { rejected: 'no_key' } });
  });

  it('cannot have a sum of one, of two, or of fewer than the floor', () => {
    for (let size = 0; size < 3; size++)
      expect(askVote(checked(), DEVICES.slice(0, size)).refused?.rejected).toBe('bad_contributors');
    const strict = checked();
    const demanding: MemberRecord = {
      ...strict,
      check: { ...strict.check!, terms: { ...strict.check!.terms, minimumCohort: 5 } },
    };
    expect(askVote(demanding, DEVICES.slice(0, 4)).refused?.rejected).toBe('bad_contributors');
    expect(askVote(demanding, DEVICES.slice(0, 5)).refused).toBeUndefined();
  });

  it('cannot reach the floor by naming one device twice', () => {
    const [a, b] = DEVICES as [string, string];
    expect(askVote(checked(), [a, a, a]).refused?.rejected).toBe('bad_contributors');
    expect(askVote(checked(), [a, a, b]).refused?.rejected).toBe('bad_contributors');
  });

  it('cannot have a sum of more than nMax, whose noise would spoil it', () => {
    expect(askVote(checked(), DEVICES).refused?.rejected).toBe('bad_contributors');
    expect(askVote(checked(), DEVICES.slice(0, 5)).refused).toBeUndefined();
  });

  it('cannot spell one U in two orders', () => {
    expect(askVote(checked(), [...U].reverse()).refused?.rejected).toBe('bad_contributors');
    expect(askVote(checked(), [U[1]!, U[0]!, ...U.slice(2)]).refused?.rejected).toBe('bad_contributors');
  });

  it('cannot put a device into U that the member was not shown, or holds no share of', () => {
    expect(askVote(checked(U), [...DEVICES.slice(0, 3), DEVICES[5]!]).refused?.rejected).toBe('bad_contributors');
    expect(askVote(checked(DEVICES, [U[2]!]), U).refused?.rejected).toBe('bad_contributors');
    expect(askVote(checked(DEVICES, [DEVICES[5]!]), U).refused).toBeUndefined();
  });

  it('cannot put one device into the sums of two groups', () => {
    expect(askVote(checked(), U, new Set([U[3]!])).refused?.rejected).toBe('bad_contributors');
    expect(askVote(checked(), U, new Set([DEVICES[5]!])).refused).toBeUndefined();
  });

  it('that comes with U and then with U minus the victim gets one vote and one opening, for the first', () => {
    const withoutVictim = U.slice(1);
    let record = voted(checked(), U);
    expect(askVote(record, withoutVictim).refused?.rejected).toBe('already_voted');
    expect(askOpen(record, withoutVictim).refused?.rejected).toBe('not_voted');
    const opened: MemberEvent = { type: 'opened', contributors: hashOf(U), shares: 'AA', signature: '02' };
    record = memberStep(record, opened).record!;
    expect(askOpen(record, withoutVictim).refused?.rejected).toBe('not_voted');
    expect(memberStep(record, { ...opened, contributors: hashOf(withoutVictim) }).refused?.rejected).toBe('not_voted');
    expect(effects(askOpen(record, U))).toEqual(['forget-key', 'send-opening']);
  });

  it('that has two votes signed at the same time gets the first one only', () => {
    const first = voted(checked(), U);
    const second = memberStep(first, {
      type: 'vote-signed',
      contributors: hashOf(DEVICES.slice(1, 5)),
      list: DEVICES.slice(1, 5),
      signature: '09',
    });
    expect(second).toMatchObject({ record: first, effects: [], refused: { rejected: 'already_voted' } });
  });

  it('cannot have an opening on too few votes, on votes for another U, or without the own vote', () => {
    const record = voted(checked(), U);
    expect(askOpen(record, U, 2).refused?.rejected).toBe('too_few_votes');
    expect(askOpen(record, U, 0).refused?.rejected).toBe('too_few_votes');
    expect(askOpen(record, DEVICES.slice(0, 3), 7).refused?.rejected).toBe('not_voted');
    expect(askOpen(checked(), U, 7).refused?.rejected).toBe('not_voted');
    expect(effects(askOpen(record, U, 3))).toEqual(['compute-opening']);
  });

  it('gets the identical bytes at every retry, and the key is gone once the opening is stored', () => {
    const record = voted(checked(), U);
    const first = memberStep(record, { type: 'opened', contributors: hashOf(U), shares: 'first', signature: '02' });
    expect(effects(first)).toEqual(['persist', 'forget-key', 'send-opening']);
    const second = memberStep(first.record, {
      type: 'opened',
      contributors: hashOf(U),
      shares: 'second',
      signature: '03',
    });
    expect(second.record).toBe(first.record);
    expect(effects(second)).toEqual(['forget-key', 'send-opening']);
    expect(second.record?.opening?.shares).toBe('first');
  });
});

describe('a committee of which some collude with the coordinator', () => {
  it('opens at most one of two U, as long as fewer than 2t − m members lie, however the honest ones are split', () => {
    const U = DEVICES.slice(0, 4);
    const minusVictim = U.slice(1);
    for (let m = 3; m <= 9; m++) {
      const t = leastThreshold(m);
      const liars = 2 * t - m - 1;
      const honest = m - liars;
      for (let split = 0; split <= honest; split++) {
        const records = Array.from({ length: honest }, (_, i) => voted(checked(), i < split ? U : minusVictim));
        // Every honest member is asked for the other list, too.
        const votesFor = (list: readonly string[]) =>
          liars +
          records.filter((record) => record.vote?.contributors === hashOf(list) || !askVote(record, list).refused)
            .length;
        const openable = [U, minusVictim].filter((list) => votesFor(list) >= t);
        expect(openable.length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('can be made to open two U with one liar more: the bound is exact', () => {
    for (let m = 3; m <= 9; m++) {
      const t = leastThreshold(m);
      const liars = 2 * t - m;
      const honest = m - liars;
      const half = t - liars;
      expect(liars + half >= t && liars + (honest - half) >= t).toBe(true);
    }
  });
});
