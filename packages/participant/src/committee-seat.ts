import type { RoundKey } from '@sotto/protocol/ids';
import { type Plan, placeOf } from '@sotto/protocol/plan';
import type { Clock } from './clock.ts';
import type { KeyHeld } from './committee-duty.ts';

/** Its key was asked for, and it may be needed; the plan has seated it; it has served. */
export type Seat = 'asked' | 'seated' | 'served';

type Run = Pick<RoundKey, 'coordinator' | 'task' | 'run'>;

interface Place {
  readonly run: string;
  readonly round: number;
  readonly seat: Seat;
  /** Until when it may be needed; null when it no longer is. */
  readonly until: number | null;
}

export interface SeatPorts {
  readonly clock: Pick<Clock, 'at'>;
  /** This device's Ed25519 key. */
  readonly key: string;
  /** What the vault knows of a round: see `createCommitteeDuty`. */
  readonly keyHeld: (run: Run, round: number) => Promise<KeyHeld | null>;
  readonly onChange: (change: { readonly seat: Seat | null; readonly dutyUntil: number | null }) => void;
}

/**
 * Whether the round needs this device on its committee, and until when. The coordinator asks a member for nothing between its key and
 * its check, so after a restart only the vault tells: a device holds its one-time key for as long as it owes the round an opening.
 */
export function createCommitteeSeat({ clock, key, keyHeld, onChange }: SeatPorts) {
  let place: Place | null = null;
  /** The round that ended last: what was under way about it comes too late. */
  let ended: { readonly run: string; readonly round: number } | null = null;
  let leaves = 0;
  let cancel: () => void = () => {};

  function take(next: Place | null): void {
    cancel();
    place = next;
    onChange({ seat: next?.seat ?? null, dutyUntil: next?.until ?? null });
    if (next && next.until !== null) cancel = clock.at(next.until, () => take(null));
  }

  const isOf = (run: string, round: number): boolean => place?.run === run && place.round === round;
  const isPast = (run: string, round: number): boolean =>
    (ended?.run === run && round <= ended.round) || (place?.run === run && round < place.round);

  return {
    /** It gave a key, which the plan may seat or not. */
    gaveKey({ run, round }: RoundKey, until: number): void {
      if (!isPast(run, round)) take({ run, round, seat: 'asked', until });
    },
    /** A round's plan is known. */
    async planned(plan: Plan): Promise<void> {
      const { run, round } = plan;
      const since = leaves;
      const held = placeOf(plan.committee, key) === 0 ? null : await keyHeld(plan, round);
      if (since !== leaves || isPast(run, round)) return;
      if (held) take({ run, round, seat: 'seated', until: Math.min(held.until, plan.deadlines.open) });
      // Its opening is made, though perhaps not sent yet.
      else if (!isOf(run, round) || place?.seat === 'asked') take(null);
    },
    /** On a new connection, where this is the present round. */
    async recall(run: Run, round: number): Promise<void> {
      const since = leaves;
      const held = await keyHeld(run, round);
      if (since !== leaves || isPast(run.run, round)) return;
      if (isOf(run.run, round) && place?.seat === 'seated') return;
      if (held) take({ run: run.run, round, seat: held.checked ? 'seated' : 'asked', until: held.until });
      else if (!isOf(run.run, round) && place?.seat !== 'served') take(null);
    },
    /** An opening has arrived: with the one for the last group it serves, it is not needed any more. */
    async opened(at: Omit<Run, 'run'>): Promise<void> {
      const [served, since] = [place, leaves];
      if (!served) return;
      const held = await keyHeld({ ...at, run: served.run }, served.round);
      if (since !== leaves || !isOf(served.run, served.round)) return;
      if (!held) take({ ...served, seat: 'served', until: null });
    },
    /** A round is over, whoever's openings did it. */
    over(run: string, round: number, published: boolean): void {
      ended = { run, round };
      if (!place || place.run !== run || place.round > round || place.seat === 'served') return;
      take(
        published && place.seat === 'seated' && place.round === round
          ? { ...place, seat: 'served', until: null }
          : null,
      );
    },
    leave(): void {
      leaves += 1;
      take(null);
    },
  };
}
