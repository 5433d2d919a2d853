import type { Hint } from '@sotto/participant/transport';
import type { RequestOf } from '@sotto/protocol/messages';
import { listedUpdate } from '@sotto/protocol/update-record';
import type { Witness } from './line.ts';

/** An update that its device was told is counted. */
export interface Acknowledged {
  readonly planHash: string;
  readonly device: string;
  readonly digest: string;
}

/** Everything the devices know: what they sealed, what they were told, and what was asked of them. */
export interface Facts {
  readonly acknowledged: Acknowledged[];
  /** Updates that their devices were told count no more. */
  readonly takenBack: Acknowledged[];
  /** Levels by plan and device: of a device's learning and rounding nothing is left to chance, so it seals the same again. */
  readonly sealed: Map<string, Map<string, Int32Array>>;
  /** What must not have happened. */
  readonly offences: string[];
  /** Uploads that went on in the middle. */
  resumed: number;
  witnessOf(device: () => string): Witness;
  sealedBy(device: string, planHash: string, levels: Int32Array): void;
}

/** `onNews`: something arrived at a device. */
export function createFacts(onNews = () => {}): Facts {
  const acknowledged: Acknowledged[] = [];
  const takenBack: Acknowledged[] = [];
  const sealed: Facts['sealed'] = new Map();
  const offences: string[] = [];
  /** What a plan's members were asked to answer for, by plan and kind of duty. */
  const asked = new Map<string, string>();
  /** Bytes acknowledged of an update, by its digest. */
  const received = new Map<string, number>();
  const digests = new Map<string, string>();

  const isAcknowledged = (planHash: string, device: string) =>
    acknowledged.some((one) => one.planHash === planHash && one.device === device);

  const facts: Facts = {
    acknowledged,
    takenBack,
    sealed,
    offences,
    resumed: 0,
    sealedBy(device, planHash, levels) {
      const plan = sealed.get(planHash) ?? new Map<string, Int32Array>();
      sealed.set(planHash, plan);
      const before = plan.get(device);
      if (before?.some((level, i) => level !== levels[i])) offences.push(`${device} sealed two things for ${planHash}`);
      plan.set(device, levels);
    },
    witnessOf: (device) => ({
      heard(hint) {
        onNews();
        hear(hint, device());
      },
      asks(name, payload, bytes) {
        if (name === 'upload') {
          const { planHash, record } = payload as RequestOf<'upload'>;
          digests.set(`${planHash}/${device()}`, listedUpdate(planHash, record).digest);
        }
        if (name === 'withdraw') {
          // Until the answer comes, either may be true.
          const { planHash } = payload as RequestOf<'withdraw'>;
          const at = acknowledged.findIndex((one) => one.planHash === planHash && one.device === device());
          if (at >= 0) acknowledged.splice(at, 1);
        }
        if (name !== 'part') return;
        const { planHash, offset } = payload as RequestOf<'part'>;
        const digest = digests.get(`${planHash}/${device()}`)!;
        const end = offset + bytes;
        if (end <= (received.get(digest) ?? 0))
          offences.push(`${device()} sent bytes up to ${end} of an update again, though they were acknowledged`);
      },
      answered(name, payload, reply) {
        onNews();
        const { planHash } = payload as { readonly planHash: string };
        const digest = digests.get(`${planHash}/${device()}`)!;
        // A commit whose answer was lost is sent again.
        if (name === 'commit' && !isAcknowledged(planHash, device()))
          acknowledged.push({ planHash, device: device(), digest });
        if (name === 'withdraw') takenBack.push({ planHash, device: device(), digest });
        if (name !== 'part' && name !== 'upload') return;
        const { received: now } = reply as { readonly received: number };
        if (name === 'upload' && now < (received.get(digest) ?? 0))
          offences.push(`${received.get(digest)} bytes of ${device()} were acknowledged, and ${now} are there`);
        if (name === 'upload' && now > 0 && now < (payload as unknown as RequestOf<'upload'>).bytes) facts.resumed += 1;
        received.set(digest, Math.max(now, received.get(digest) ?? 0));
      },
    }),
  };

  /** All members of a plan are shown one list of candidates and one U, however often they are asked. */
  function hear(hint: Hint, device: string): void {
    if (hint.name !== 'duty' || hint.payload.kind === 'one-time-key') return;
    const { kind, planHash } = hint.payload;
    // A device sends its update again when it is asked to, and so would heal what was forgotten.
    if (kind === 'contribute' && isAcknowledged(planHash, device))
      offences.push(`${device} was asked for an update that it had been told is counted`);
    const said = JSON.stringify({ ...hint.payload, votes: undefined });
    const at = `${planHash}/${kind}`;
    if ((asked.get(at) ?? said) !== said) offences.push(`${device} was asked to ${kind} something else than another`);
    asked.set(at, said);
  }

  return facts;
}
