import {
  type CheckRecord,
  type MemberEffect,
  type MemberEvent,
  type MemberRecord,
  memberStep,
} from '@sotto/fl-core/round/member';
import { fromBase64, toBase64 } from '@sotto/protocol/base64';
import { fromHex, toHex } from '@sotto/protocol/bytes';
import { type RoundKey, roundKeyText, runKeyText } from '@sotto/protocol/ids';
import type { Pins } from '@sotto/protocol/invite';
import { answerString, openingString, voteString } from '@sotto/protocol/member-answers';
import type { Duty } from '@sotto/protocol/messages';
import { MAX_ONE_TIME_KEY_LIFETIME_MS, signOneTimeKey } from '@sotto/protocol/one-time-key';
import { type Plan, placeOf, roundKeyOf } from '@sotto/protocol/plan';
import { invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import type { Vote } from '@sotto/protocol/transcript';
import { fetchCandidates } from './candidates.ts';
import type { Identity } from './identity.ts';
import { checkPlan } from './plan-check.ts';
import { fetchPlan } from './public-documents.ts';
import { createQueue } from './queue.ts';
import type { Sealer } from './sealing/client.ts';
import type { Transport } from './transport.ts';
import type { Vault, Write } from './vault.ts';

export interface CommitteePorts {
  readonly transport: Transport;
  readonly vault: Vault;
  readonly sealer: Pick<Sealer, 'check' | 'open'>;
  readonly identity: Identity;
  readonly pins: Pins;
  readonly task: string;
  readonly floor: number;
  readonly now: () => number;
  /** The coordinator this device is talking to. */
  readonly coordinator: () => string;
}

interface OneTimePrivateKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: string;
  readonly expiry: number;
}

/** A plan this member checked, with what it needs to answer for it. */
interface CheckedPlan {
  readonly plan: Plan;
  readonly hash: string;
  readonly round: RoundKey;
  readonly x: number;
}

type MemberDuty = Exclude<Duty, { kind: 'contribute' }>;

/** Runs the member's reducer: fetches, opens boxes, signs, and makes durable before it sends. */
export function createCommitteeDuty(ports: CommitteePorts) {
  const { transport, vault, sealer, identity, pins, task, floor, now } = ports;
  const inTurn = createQueue();
  /** Opened shares between check and opening, by plan; fetched and opened again if this device restarted in between. */
  const shares = new Map<string, Map<string, Uint16Array>>();

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
    let record = await recordOf(round);
    let step = memberStep(record, { type: 'key-asked' });
    if (step.effects.some((effect) => effect.do === 'make-key')) {
      const pair = await vault.createKeys('X25519');
      const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
      const value: OneTimePrivateKey = { privateKey: pair.privateKey, publicKey, expiry };
      staged.push({ table: 'one-time-keys', key: roundKeyText(round), value });
      step = memberStep(record, {
        type: 'key-made',
        oneTime: await signOneTimeKey(identity, round, publicKey, expiry),
      });
    }
    record = step.record;
    invariant(record, 'a member that gave a key has a record');
    for (const effect of step.effects) if (effect.do === 'persist') await persist(round, effect.record, staged);
    return refusalOf(await transport.request('one-time-key', { round, oneTime: record.oneTime }));
  }

  async function run(checked: CheckedPlan, event: MemberEvent): Promise<Rejection | undefined> {
    const step = memberStep(await recordOf(checked.round), event);
    if (step.refused) return step.refused;
    const record = step.record;
    invariant(record, 'an accepted event has a record');
    for (const effect of step.effects) {
      const next = await carryOut(checked, record, effect);
      if (isRejection(next)) return next;
      if (next) return run(checked, next);
    }
    return undefined;
  }

  /** @returns the event that answers a computation, a refusal, or nothing. */
  async function carryOut(
    checked: CheckedPlan,
    record: MemberRecord,
    effect: MemberEffect,
  ): Promise<MemberEvent | Rejection | undefined> {
    const { round, hash, x } = checked;
    switch (effect.do) {
      case 'persist':
        await persist(round, effect.record);
        return undefined;
      case 'compute-check': {
        const check = await openCandidates(checked);
        return isRejection(check) ? check : { type: 'checked', check };
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
        return {
          type: 'vote-signed',
          contributors,
          list,
          signature: await identity.sign(voteString(hash, contributors)),
        };
      }
      case 'send-vote': {
        const { contributors, signature } = record.vote!;
        return refusalOf(await transport.request('vote', { planHash: hash, contributors, x, signature }));
      }
      case 'compute-opening': {
        const opened = await sharesOf(checked, effect.list);
        if (isRejection(opened)) return opened;
        const bytes = await sealer.open(opened);
        const { contributors } = record.vote!;
        const signature = await identity.sign(openingString(hash, contributors, x, bytes));
        return { type: 'opened', contributors, shares: toBase64(bytes), signature };
      }
      case 'forget-key':
        forgetShares(hash);
        await removeKeys([roundKeyText(round)]);
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
    const signed = await fetchPlan(transport, hash);
    if (isRejection(signed)) return signed;
    const refused = await checkPlan(signed, { hash, coordinator: ports.coordinator(), task, pins, floor, now: now() });
    if (refused) return refused;
    const { plan } = signed;
    const x = placeOf(plan.committee, identity.publicKey);
    if (x === 0) return reject('not_a_member', 'This device is not on the committee of that plan.');
    return { plan, hash, round: roundKeyOf(plan), x };
  }

  /** Fetches the candidates and opens this member's boxes: the check's answer, and the shares for later. */
  async function openCandidates({ plan, hash, round, x }: CheckedPlan): Promise<CheckRecord | Rejection> {
    const key = (await vault.get('one-time-keys', roundKeyText(round))) as OneTimePrivateKey | undefined;
    if (!key) return reject('no_key', 'The one-time key of this round is gone.');
    const candidates = await fetchCandidates(transport, plan, hash, x, pins, now());
    if (isRejection(candidates)) return candidates;
    const { privateKey, publicKey } = key;
    const { answer, shares: opened } = await sealer.check({
      planHash: fromHex(hash),
      candidatesHash: fromHex(candidates.hash),
      x,
      privateKey,
      publicKey: fromHex(publicKey),
      candidates: candidates.boxes,
    });
    const usable = opened.map((share) => share !== null && !isRejection(share));
    shares.set(
      hash,
      new Map(candidates.listed.flatMap(({ device }, i) => (usable[i] ? [[device, opened[i] as Uint16Array]] : []))),
    );
    return {
      planHash: hash,
      candidatesHash: candidates.hash,
      candidates: candidates.listed.map((listed, i) => ({ ...listed, usable: usable[i]! })),
      terms: {
        x,
        threshold: plan.committee.threshold,
        minimumCohort: Math.max(floor, plan.minimumCohort),
        nMax: plan.encoding.nMax,
      },
      answer: toBase64(answer),
      signature: await identity.sign(answerString(hash, candidates.hash, x, answer)),
    };
  }

  async function sharesOf(checked: CheckedPlan, devices: readonly string[]): Promise<Uint16Array[] | Rejection> {
    if (!shares.has(checked.hash)) {
      const again = await openCandidates(checked);
      if (isRejection(again)) return again;
      const before = (await recordOf(checked.round))?.check;
      if (again.candidatesHash !== before?.candidatesHash) {
        shares.delete(checked.hash);
        return reject(
          'bad_candidates',
          'The coordinator now shows other candidates than the ones this member checked.',
        );
      }
    }
    const held = shares.get(checked.hash)!;
    const wanted = devices.map((device) => held.get(device));
    return wanted.every((share) => share !== undefined)
      ? wanted
      : reject('bad_contributors', 'This member holds no share for one of the contributors.');
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
    const groups = await vault.list('members', `${runKeyText(round)}/${round.round}/`);
    return new Set(
      groups.flatMap(({ key, value }) =>
        key === roundKeyText(round) ? [] : ((value as MemberRecord).vote?.list ?? []),
      ),
    );
  }

  async function recordOf(round: RoundKey): Promise<MemberRecord | undefined> {
    return (await vault.get('members', roundKeyText(round))) as MemberRecord | undefined;
  }

  function persist(round: RoundKey, record: MemberRecord, staged: readonly Write[] = []): Promise<void> {
    return vault.write([{ table: 'members', key: roundKeyText(round), value: record }, ...staged]);
  }

  function forgetShares(hash: string): void {
    for (const share of shares.get(hash)?.values() ?? []) share.fill(0);
    shares.delete(hash);
  }

  async function removeKeys(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await vault.write(keys.map((key) => ({ table: 'one-time-keys', key, remove: true })));
  }

  return {
    /** One duty at a time. */
    perform: (duty: MemberDuty): Promise<Rejection | undefined> => inTurn(() => perform(duty)),
    /** A round is over, with or without this member's opening: its keys and shares go. */
    release: (run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>, round: number, hash: string | null): Promise<void> =>
      inTurn(async () => {
        if (hash !== null) forgetShares(hash);
        const keys = await vault.list('one-time-keys', `${runKeyText(run)}/${round}/`);
        await removeKeys(keys.map(({ key }) => key));
      }),
    /** Keys past their time are deleted even if their round never ended for this device. */
    async forgetExpired(): Promise<void> {
      const keys = await vault.list('one-time-keys', '');
      const old = keys.filter(({ value }) => (value as OneTimePrivateKey).expiry <= now());
      await removeKeys(old.map(({ key }) => key));
    },
  };
}

function refusalOf(answer: object | Rejection): Rejection | undefined {
  return isRejection(answer) ? (answer as Rejection) : undefined;
}
