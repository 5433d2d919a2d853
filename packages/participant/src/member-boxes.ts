import type { CheckRecord, MemberRecord } from '@sotto/fl-core/round/member';
import { toBase64 } from '@sotto/protocol/base64';
import { fromHex } from '@sotto/protocol/bytes';
import type { RoundKey } from '@sotto/protocol/ids';
import type { Pins } from '@sotto/protocol/invite';
import { answerString } from '@sotto/protocol/member-answers';
import type { Plan } from '@sotto/protocol/plan';
import { invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { fetchCandidates } from './candidates.ts';
import type { Clock } from './clock.ts';
import type { Identity } from './identity.ts';
import { type createKeyCustody, type Shares, wipeShares } from './key-custody.ts';
import type { Sealer } from './sealing/client.ts';
import type { Transport } from './transport.ts';

/** A plan that this member checked, with what it needs to answer for it. */
export interface CheckedPlan {
  readonly plan: Plan;
  readonly hash: string;
  readonly round: RoundKey;
  readonly x: number;
}

export interface BoxPorts {
  readonly transport: Transport;
  readonly sealer: Pick<Sealer, 'check' | 'open'>;
  readonly identity: Identity;
  readonly pins: Pins;
  readonly clock: Pick<Clock, 'now'>;
  readonly keys: ReturnType<typeof createKeyCustody>;
}

/** The boxes that candidates sealed for this member: opened for its check, and added up for its opening. */
export function createMemberBoxes({ transport, sealer, identity, pins, clock, keys }: BoxPorts) {
  /** Fetches the candidates and opens this member's boxes: the check's answer, and the shares for later. */
  async function open({
    plan,
    hash,
    round,
    x,
  }: CheckedPlan): Promise<{ readonly check: CheckRecord; readonly shares: Shares } | Rejection> {
    const candidates = await fetchCandidates(transport, plan, hash, x, pins, clock.now());
    if (isRejection(candidates)) return candidates;
    // Only now: however long the coordinator took over the candidates, a key past its time opens nothing.
    const key = await keys.keyOf(round);
    if (!key) return goneKey();
    const { privateKey, publicKey } = key;
    const opening = await sealer.check({
      planHash: fromHex(hash),
      candidatesHash: fromHex(candidates.hash),
      x,
      privateKey,
      publicKey: fromHex(publicKey),
      candidates: candidates.boxes,
    });
    if (isRejection(opening)) return opening;
    const { answer, shares: opened } = opening;
    const usable = opened.map((share) => share !== null && !isRejection(share));
    const shares = new Map(
      candidates.listed.flatMap(({ device }, i) => (usable[i] ? [[device, opened[i] as Uint16Array] as const] : [])),
    );
    const { threshold } = plan.committee;
    const check = {
      planHash: hash,
      candidatesHash: candidates.hash,
      candidates: candidates.listed.map((listed, i) => ({ ...listed, usable: usable[i]! })),
      terms: { x, threshold, minimumCohort: plan.minimumCohort, nMax: plan.encoding.nMax },
      answer: toBase64(answer),
      signature: await identity.sign(answerString(hash, candidates.hash, x, answer)),
    };
    return { check, shares };
  }

  /** Keeps the shares behind a check that is on record, for as long as the round may need them. */
  function hold({ plan, round }: CheckedPlan, { check, oneTime }: MemberRecord, shares: Shares): void {
    invariant(check, 'who holds shares has checked');
    keys.hold(round, listOf(check), Math.min(plan.deadlines.open, oneTime.expiry), shares);
  }

  /** The opening, from the shares behind the check on record; these are fetched and opened again if this device restarted in between. */
  async function addUp(
    checked: CheckedPlan,
    record: MemberRecord,
    devices: readonly string[],
  ): Promise<Uint8Array | Rejection> {
    const { check } = record;
    invariant(check, 'who opens has checked');
    const list = listOf(check);
    if (!keys.holds(list)) {
      const again = await open(checked);
      if (isRejection(again)) return again;
      if (again.check.candidatesHash !== check.candidatesHash) {
        wipeShares(again.shares);
        return reject(
          'bad_candidates',
          'The coordinator now shows other candidates than the ones this member checked.',
        );
      }
      hold(checked, record, again.shares);
    }
    const opening = await keys.lend(list, async (shares): Promise<Uint8Array | Rejection> => {
      const wanted = devices.flatMap((device) => shares.get(device) ?? []);
      return wanted.length === devices.length
        ? sealer.open(wanted)
        : reject('bad_contributors', 'This member holds no share for one of the contributors.');
    });
    return opening ?? goneKey();
  }

  return {
    open,
    hold,
    /** Overwrites shares whose check did not come on record. */
    wipeUnheld(check: CheckRecord, shares: Shares): void {
      if (!keys.holds(listOf(check), shares)) wipeShares(shares);
    },
    addUp,
  };
}

/** Shares belong to one list of candidates under one plan. */
function listOf({ planHash, candidatesHash }: CheckRecord): string {
  return `${planHash}/${candidatesHash}`;
}

function goneKey(): Rejection {
  return reject('no_key', 'The one-time key of this round is gone.');
}
