import { type MemberEffect, type MemberEvent, type MemberRecord, memberStep } from '@sotto/fl-core/round/member';
import { fromBase64, toBase64 } from '@sotto/protocol/base64';
import { toHex } from '@sotto/protocol/bytes';
import { type RoundKey, roundKeyText } from '@sotto/protocol/ids';
import { openingString, voteString } from '@sotto/protocol/member-answers';
import type { Duty } from '@sotto/protocol/messages';
import { MAX_ONE_TIME_KEY_LIFETIME_MS, signOneTimeKey } from '@sotto/protocol/one-time-key';
import { placeOf, roundKeyOf } from '@sotto/protocol/plan';
import { invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import type { Vote } from '@sotto/protocol/transcript';
import type { Clock } from './clock.ts';
import type { Identity } from './identity.ts';
import { createKeyCustody, type Shares } from './key-custody.ts';
import { type CheckedPlan, createMemberBoxes } from './member-boxes.ts';
import { obtainModel, obtainPlan, type PlanPorts } from './plan-desk.ts';
import { createQueue } from './queue.ts';
import { tellRemembered } from './remembering.ts';
import { contributionTo, keepMemberRecord, memberRecordOf, memberRecordsIn } from './round-memory.ts';
import type { Sealer } from './sealing/client.ts';
import type { Transport } from './transport.ts';
import type { Vault, Write } from './vault.ts';

export interface CommitteePorts extends Omit<PlanPorts, 'now'> {
  readonly transport: Transport;
  readonly vault: Vault;
  readonly sealer: Pick<Sealer, 'check' | 'open'>;
  readonly identity: Identity;
  readonly clock: Pick<Clock, 'now' | 'at'>;
}

/** A round's one-time key that has not opened anything yet. */
export interface KeyHeld {
  readonly until: number;
  /** It has checked the round's updates, as only a seated member does. */
  readonly checked: boolean;
}

type MemberDuty = Exclude<Duty, { kind: 'contribute' }>;

/** Runs the member's reducer: fetches, opens boxes, signs, and makes durable before it sends. */
export function createCommitteeDuty(ports: CommitteePorts) {
  const { transport, vault, sealer, identity, pins, task, clock } = ports;
  const { now } = clock;
  const inTurn = createQueue();
  /** SHA-256 of the last model whose bytes were what a plan said. */
  let compared: string | null = null;
  const keys = createKeyCustody({ vault, clock });
  const boxes = createMemberBoxes({ transport, sealer, identity, pins, clock, keys });

  async function perform(duty: MemberDuty): Promise<Rejection | undefined> {
    if (duty.kind === 'one-time-key') return giveKey(duty.round, duty.expiry);
    const checked = await checkedPlan(duty.planHash);
    if (isRejection(checked)) return checked;
    switch (duty.kind) {
      case 'check': {
        const oneTimeKey = checked.plan.committee.members[checked.x - 1]!.oneTime.key;
        return run(checked, {
          type: 'check-asked',
          planHash: checked.hash,
          oneTimeKey,
          candidatesHash: duty.candidates,
        });
      }
      case 'vote': {
        const elsewhere = await votedElsewhere(checked.round);
        return run(checked, { type: 'vote-asked', planHash: checked.hash, contributors: duty.contributors, elsewhere });
      }
      case 'open': {
        const votes = await validVotes(checked, duty.contributors, duty.votes);
        return run(checked, { type: 'open-asked', planHash: checked.hash, contributors: duty.contributors, votes });
      }
    }
  }

  async function giveKey(round: RoundKey, expiry: number): Promise<Rejection | undefined> {
    if (round.coordinator !== ports.coordinator() || round.task !== task)
      return reject('duty_foreign', 'The coordinator asked for a key for another coordinator or task.');
    if (expiry <= now() || expiry > now() + MAX_ONE_TIME_KEY_LIFETIME_MS)
      return reject(
        'duty_foreign',
        'The coordinator asked for a key that is already over or lives for more than 24 hours.',
      );
    const staged: Write[] = [];
    const before = await memberRecordOf(vault, round);
    if (before) await tellRemembered(transport, vault, round);
    let step = memberStep(before, { type: 'key-asked' });
    if (step.effects.some((effect) => effect.do === 'make-key')) {
      const pair = await vault.createKeys('X25519');
      const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
      staged.push(keys.stored(round, { privateKey: pair.privateKey, publicKey, expiry }));
      step = memberStep(before, {
        type: 'key-made',
        oneTime: await signOneTimeKey(identity, round, publicKey, expiry),
      });
    }
    const { record } = step;
    invariant(record, 'a member that gave a key has a record');
    for (const effect of step.effects)
      if (effect.do === 'persist' && !(await keepMemberRecord(vault, round, before, effect.record, staged)))
        return superseded();
    return refusalOf(await transport.request('one-time-key', { round, oneTime: record.oneTime }));
  }

  /** `opened`: the shares that came with a `checked` event. */
  async function run(checked: CheckedPlan, event: MemberEvent, opened?: Shares): Promise<Rejection | undefined> {
    const { round } = checked;
    const before = await memberRecordOf(vault, round);
    const { record, effects, refused } = memberStep(before, event);
    if (refused) return refused;
    invariant(record, 'an accepted event has a record');
    for (const effect of effects) {
      if (effect.do === 'persist') {
        const gone = effects.some(({ do: next }) => next === 'forget-key') ? keys.removal(round) : [];
        if (!(await keepMemberRecord(vault, round, before, effect.record, gone))) return superseded();
        if (opened) boxes.hold(checked, record, opened);
      } else {
        const problem = await carryOut(checked, record, effect);
        if (problem) return problem;
      }
    }
    return undefined;
  }

  async function carryOut(
    checked: CheckedPlan,
    record: MemberRecord,
    effect: Exclude<MemberEffect, { do: 'persist' }>,
  ): Promise<Rejection | undefined> {
    const { round, hash, x } = checked;
    switch (effect.do) {
      case 'compute-check': {
        const swapped = await compareModel(checked);
        if (swapped) return swapped;
        const opened = await boxes.open(checked);
        if (isRejection(opened)) return opened;
        const { check, shares } = opened;
        const refused = await run(checked, { type: 'checked', check }, shares);
        boxes.wipeUnheld(check, shares);
        return refused;
      }
      case 'send-answer': {
        const { candidatesHash, signature, answer } = record.check!;
        return refusalOf(
          await transport.request(
            'answer',
            { planHash: hash, candidates: candidatesHash, x, signature },
            fromBase64(answer),
          ),
        );
      }
      case 'sign-vote': {
        const { contributors, list } = effect;
        const signature = await identity.sign(voteString(hash, contributors));
        return run(checked, { type: 'vote-signed', contributors, list, signature });
      }
      case 'send-vote': {
        const { contributors, signature } = record.vote!;
        return refusalOf(await transport.request('vote', { planHash: hash, contributors, x, signature }));
      }
      case 'compute-opening': {
        const bytes = await boxes.addUp(checked, record, effect.list);
        if (isRejection(bytes)) return bytes;
        const { contributors } = record.vote!;
        const signature = await identity.sign(openingString(hash, contributors, x, bytes));
        return run(checked, { type: 'opened', contributors, shares: toBase64(bytes), signature });
      }
      case 'forget-key':
        await keys.forget(round);
        return undefined;
      case 'send-opening': {
        const { contributors, signature, shares: opening } = record.opening!;
        return refusalOf(
          await transport.request('opening', { planHash: hash, contributors, x, signature }, fromBase64(opening)),
        );
      }
      case 'make-key':
      case 'send-key':
        return undefined;
    }
  }

  async function checkedPlan(hash: string): Promise<CheckedPlan | Rejection> {
    const plan = await obtainPlan(hash, { ...ports, now });
    if (isRejection(plan)) return plan;
    const x = placeOf(plan.committee, identity.publicKey);
    if (x === 0) return reject('not_a_member', 'This device is not on the committee of that plan.');
    const round = roundKeyOf(plan);
    await keys.limit(round, plan.deadlines.open);
    return { plan, hash, round, x };
  }

  /**
   * Whoever contributed under this plan has compared the model's bytes before it learned from them; the others do it before they answer,
   * once for all groups of a round.
   */
  async function compareModel({ plan, hash }: CheckedPlan): Promise<Rejection | undefined> {
    if (plan.model === compared || (await contributionTo(vault, plan))?.planHash === hash) return undefined;
    const model = await obtainModel(plan, ports);
    if (isRejection(model)) return model;
    compared = plan.model;
    return undefined;
  }

  async function validVotes(
    { plan, hash }: CheckedPlan,
    contributors: string,
    votes: readonly Vote[],
  ): Promise<number> {
    const places = new Set<number>();
    for (const { x, signature } of votes) {
      const member = plan.committee.members[x - 1];
      if (member && !places.has(x) && (await verifySignature(member.key, voteString(hash, contributors), signature)))
        places.add(x);
    }
    return places.size;
  }

  async function votedElsewhere(round: RoundKey): Promise<Set<string>> {
    const groups = await memberRecordsIn(vault, round);
    return new Set([...groups].flatMap(([key, { vote }]) => (key === roundKeyText(round) || !vote ? [] : vote.list)));
  }

  return {
    /** One duty at a time. */
    perform: (duty: MemberDuty): Promise<Rejection | undefined> =>
      inTurn(async () => {
        // A timer may be late, as in a page that slept.
        await keys.forgetExpired();
        return perform(duty);
      }),
    /** A round is over, with or without this member's opening: its keys and shares go. */
    release: (run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>, round: number): Promise<void> =>
      inTurn(() => keys.forgetRound(run, round)),
    /** What this device holds for a round: a one-time key goes with the opening, with the round, or in time. */
    async keyHeld(run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>, round: number): Promise<KeyHeld | null> {
      const lives = await keys.livesOf(run, round);
      if (lives.length === 0) return null;
      const records = await memberRecordsIn(vault, { ...run, round });
      return {
        until: Math.max(...lives.map(({ until }) => until)),
        checked: lives.some(({ key }) => records.get(key)?.check !== undefined),
      };
    },
    /** Keys past their time are deleted even if their round never ended for this device; from here on, on time. */
    forgetExpired: keys.forgetExpired,
  };
}

function superseded(): Rejection {
  return reject(
    'superseded',
    'Another session of this device answered for this round first. Keep one open, and close the other.',
  );
}

function refusalOf(answer: object | Rejection): Rejection | undefined {
  return isRejection(answer) ? (answer as Rejection) : undefined;
}
