import { listHash } from '@sotto/protocol/update-record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CheckRecord,
  type MemberEffect,
  type MemberEvent,
  type MemberRecord,
  memberStep,
} from '../../src/round/member.ts';
import { deepFreeze } from './frozen.ts';
import { id } from './round-host.ts';

const DEVICES = ['a', 'b', 'c', 'd', 'e', 'f'].map(id).sort();
const TERMS = { x: 2, threshold: 3, minimumCohort: 3, nMax: 5 };
const PLANS = [id('plan 0'), id('plan 1')];
/** Two lists of candidates: the second shows another upload of the first device. */
const CANDIDATES = [0, 1].map((version) =>
  DEVICES.map((device, i) => ({
    device,
    digest: id(`${device}/${i === 0 ? version : 0}`),
    // The member could not open the last one's box.
    usable: i < DEVICES.length - 1,
  })),
);
const ELSEWHERE = DEVICES[4]!;

/** What the coordinator asks for, what the member's own work comes to, and what fails in between. */
type Action =
  | { readonly do: 'ask-key' }
  | { readonly do: 'ask-check'; readonly plan: number; readonly list: number; readonly foreignKey: boolean }
  | { readonly do: 'ask-vote'; readonly plan: number; readonly devices: readonly string[]; readonly shuffled: boolean }
  | {
      readonly do: 'ask-open';
      readonly plan: number;
      readonly last: boolean;
      readonly devices: readonly string[];
      readonly votes: number;
    }
  | { readonly do: 'work'; readonly which: number }
  | { readonly do: 'crash'; readonly after: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Action>({ do: 'ask-key' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ask-check' as const),
      plan: fc.constantFrom(0, 0, 0, 1),
      list: fc.constantFrom(0, 0, 0, 1),
      foreignKey: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask-vote' as const),
      plan: fc.constantFrom(0, 0, 0, 1),
      devices: fc.oneof(
        fc.subarray(DEVICES.slice(0, 4), { minLength: 3 }),
        fc.subarray(DEVICES),
        fc.constant(DEVICES.slice(0, 3)),
      ),
      shuffled: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask-open' as const),
      plan: fc.constantFrom(0, 0, 0, 1),
      last: fc.boolean(),
      devices: fc.subarray(DEVICES),
      votes: fc.integer({ min: 0, max: 5 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), after: fc.nat(2) }) },
);

interface Sent {
  readonly what: 'key' | 'answer' | 'vote' | 'opening';
  readonly bytes: string;
  readonly about: string;
}

/** A device on committee duty whose signatures are randomised: whatever it computes again comes out different. */
function createMember() {
  let durable: MemberRecord | undefined;
  let record: MemberRecord | undefined;
  let keyHeld = false;
  let pending: (() => MemberEvent)[] = [];
  /** Effects that a crash still prevents. */
  let crashAfter = Number.POSITIVE_INFINITY;
  let nonce = 0;
  let lastVoted: string | undefined;
  const sent: Sent[] = [];

  function apply(event: MemberEvent, context: { plan: number; list: number }): void {
    const before = record;
    const step = deepFreeze(memberStep(deepFreeze(before), deepFreeze(event)));
    if (step.refused) {
      expect(step.record).toBe(before);
      expect(step.effects).toEqual([]);
    }
    // What is said is durable before it is sent.
    const persists = step.effects.findIndex(({ do: name }) => name === 'persist');
    if (step.record !== before) expect(persists).toBe(0);
    record = step.record;
    for (const effect of step.effects) {
      if (crashAfter-- <= 0) {
        crash();
        return;
      }
      carryOut(effect, context);
    }
  }

  function carryOut(effect: MemberEffect, { plan, list }: { plan: number; list: number }): void {
    switch (effect.do) {
      case 'make-key':
        pending.push(() => {
          const oneTime = { key: id(`key ${nonce++}`), expiry: 1, signature: `${nonce++}` };
          return { type: 'key-made', oneTime };
        });
        break;
      case 'persist':
        // The private key lives and dies with the record: one store.
        if (!durable) keyHeld = true;
        durable = effect.record;
        break;
      case 'compute-check':
        pending.push(() => {
          const candidates = CANDIDATES[list]!;
          const check: CheckRecord = {
            planHash: PLANS[plan]!,
            candidatesHash: listHash(candidates),
            candidates,
            terms: TERMS,
            answer: `answer ${nonce++}`,
            signature: `${nonce++}`,
          };
          return { type: 'checked', check };
        });
        break;
      case 'sign-vote': {
        const { contributors, list: devices } = effect;
        pending.push(() => ({ type: 'vote-signed', contributors, list: devices, signature: `${nonce++}` }));
        break;
      }
      case 'compute-opening': {
        expect(keyHeld).toBe(true);
        const contributors = record!.vote!.contributors;
        expect(effect.list).toEqual(record!.vote!.list);
        pending.push(() => ({ type: 'opened', contributors, shares: `shares ${nonce++}`, signature: `${nonce++}` }));
        break;
      }
      case 'forget-key':
        expect(durable?.opening).toBeDefined();
        keyHeld = false;
        break;
      case 'send-key':
        send('key', JSON.stringify(durable!.oneTime), '');
        break;
      case 'send-answer':
        send(
          'answer',
          `${durable!.check!.answer} ${durable!.check!.signature}`,
          `${durable!.check!.planHash} ${durable!.check!.candidatesHash}`,
        );
        break;
      case 'send-vote':
        send('vote', durable!.vote!.signature, durable!.vote!.contributors);
        break;
      case 'send-opening':
        send('opening', `${durable!.opening!.shares} ${durable!.opening!.signature}`, durable!.opening!.contributors);
        break;
    }
  }

  function send(what: Sent['what'], bytes: string, about: string): void {
    if (what === 'vote') lastVoted = about;
    sent.push({ what, bytes, about });
  }

  function crash(): void {
    crashAfter = Number.POSITIVE_INFINITY;
    pending = [];
    record = durable;
  }

  function perform(action: Action): void {
    switch (action.do) {
      case 'ask-key':
        apply({ type: 'key-asked' }, { plan: 0, list: 0 });
        break;
      case 'ask-check': {
        const { plan, list, foreignKey } = action;
        const oneTimeKey = foreignKey || !record ? id('foreign') : record.oneTime.key;
        apply(
          { type: 'check-asked', planHash: PLANS[plan]!, oneTimeKey, candidatesHash: listHash(CANDIDATES[list]!) },
          { plan, list },
        );
        break;
      }
      case 'ask-vote': {
        const { plan, devices, shuffled } = action;
        const contributors = shuffled ? [...devices].reverse() : devices;
        apply(
          { type: 'vote-asked', planHash: PLANS[plan]!, contributors, elsewhere: new Set([ELSEWHERE]) },
          { plan, list: 0 },
        );
        break;
      }
      case 'ask-open': {
        const { plan, last, devices, votes } = action;
        const listed = CANDIDATES[0]!.filter(({ device }) => devices.includes(device));
        const contributors = last && lastVoted ? lastVoted : listHash(listed);
        apply({ type: 'open-asked', planHash: PLANS[plan]!, contributors, votes }, { plan, list: 0 });
        if (record?.opening === undefined && votes < TERMS.threshold)
          expect(sent.some(({ what }) => what === 'opening')).toBe(false);
        break;
      }
      case 'work': {
        const [job] = pending.splice(action.which % Math.max(1, pending.length), 1);
        if (job) apply(job(), { plan: 0, list: 0 });
        break;
      }
      case 'crash':
        if (action.after === 0) crash();
        else crashAfter = action.after - 1;
    }
  }

  return { perform, sent, record: () => durable };
}

describe('a committee member, over random questions, delays and crashes', () => {
  it('says each of its three things at most once, in the same bytes, and about one list', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: 'max' }), (actions) => {
        const member = createMember();
        for (const action of actions) member.perform(action);
        for (const what of ['key', 'answer', 'vote', 'opening'] as const) {
          const said = member.sent.filter((message) => message.what === what);
          expect(new Set(said.map(({ bytes, about }) => `${bytes} ${about}`)).size, what).toBeLessThanOrEqual(1);
          if (said.length > 0) reached.add(what);
        }
        const { check, vote, opening } = member.record() ?? {};
        if (vote) {
          expect(check).toBeDefined();
          const { list } = vote;
          expect(list.length).toBeGreaterThanOrEqual(TERMS.minimumCohort);
          expect(list.length).toBeLessThanOrEqual(TERMS.nMax);
          expect(list).toEqual([...new Set(list)].sort());
          expect(list).not.toContain(ELSEWHERE);
          const usable = check!.candidates.filter((candidate) => candidate.usable);
          const entries = list.map((device) => usable.find((candidate) => candidate.device === device)!);
          expect(entries).not.toContain(undefined);
          expect(vote.contributors).toBe(listHash(entries));
        }
        if (opening) expect(opening.contributors).toBe(vote?.contributors);
        // An opening was preceded by this member's own vote.
        const order = member.sent.map(({ what }) => what);
        if (order.includes('opening')) expect(member.record()?.vote).toBeDefined();
      }),
      { numRuns: 1000 },
    );
    expect([...reached].sort()).toEqual(['answer', 'key', 'opening', 'vote']);
  });
});
