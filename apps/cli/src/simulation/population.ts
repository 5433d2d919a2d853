import type { DropOut } from './drop-out.ts';

/** Who could take part, and what becomes of each in a round. */
export interface Population {
  readonly participants: number;
  /** The first so many are the named committee, and never drop out; 0: it is drawn from the cohort. */
  readonly members: number;
  readonly dropOut: (participant: number, round: number) => DropOut | null;
  /** Whose update can never be sealed. */
  readonly mute: ReadonlySet<number>;
}
