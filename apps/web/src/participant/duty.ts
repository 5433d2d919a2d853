import type { ParticipantState } from '@sotto/participant/state';

/** What the committee may need this device for. */
export interface Duty {
  /** Whether it is on the committee, or only asked to be ready for it. */
  readonly place: 'given' | 'asked';
  readonly until: number;
}

/** Null: nobody counts on this device. */
export function dutyOf({ seat, dutyUntil }: Pick<ParticipantState, 'seat' | 'dutyUntil'>): Duty | null {
  return dutyUntil === null ? null : { place: seat === 'asked' ? 'asked' : 'given', until: dutyUntil };
}
