import type { OneTimeKey } from '@sotto/protocol/one-time-key';
import type { Deadlines } from '@sotto/protocol/plan';
import type { Rejection } from '@sotto/protocol/rejection';
import type { PhaseDurations } from '@sotto/protocol/run';
import type { CheckAnswer, Opening, Vote } from '@sotto/protocol/transcript';
import type { UpdateRecord } from '@sotto/protocol/update-record';

/**
 * One sum of one round as the coordinator sees it, as a value: a round opened whole is one of these, a round in groups is one for each
 * group. It is the fold of its events, nothing else: the host stores each accepted event as one row and rebuilds the value from the rows
 * after a crash. It gives the opened mean; what becomes of the means of a round, and that it is published, is decided over all of them
 * together. Device ids are hex; times are milliseconds on the host's clock.
 */
export type Round =
  | Summoning
  | Planning
  | Collecting
  | Checking
  | Judging
  | Voting
  | OpeningSum
  | Opened
  | Published
  | Abandoned;

/** What is decided before the round begins and never changes in it. */
export interface RoundSetup {
  /** Devices asked for an update: more than are wanted, where so many are here. */
  readonly cohort: readonly string[];
  /** Those of the cohort that let several rounds pass without a word: asked, but no round stays open for them alone. */
  readonly unreliable: readonly string[];
  /** Devices asked for a one-time key, those to be preferred first. */
  readonly seats: readonly string[];
  /** Size m of the committee: the most that is wanted and the least that will do (never below 3). */
  readonly committee: { readonly most: number; readonly least: number };
  readonly minimumCohort: number;
  /** With this many updates the rest of the cohort has only as long again: minimumCohort ≤ quorum ≤ nMax. */
  readonly quorum: number;
  /** Updates wanted, and the most contributors the encoding leaves room for: the last of them freezes the candidates. */
  readonly nMax: number;
  readonly durations: PhaseDurations;
  readonly startedAt: number;
}

export interface Member {
  readonly device: string;
  readonly key: string;
  readonly oneTime: OneTimeKey;
}

interface Common {
  readonly setup: RoundSetup;
  /** Devices not connected now, and since when. */
  readonly absent: Readonly<Record<string, number>>;
  /** When each phase began. */
  readonly began: Readonly<Record<string, number>>;
}

export interface Summoning extends Common {
  readonly phase: 'summoning';
  readonly keys: Readonly<Record<string, Member>>;
}

export interface Planning extends Common {
  readonly phase: 'planning';
  readonly members: readonly Member[];
}

interface Planned extends Common {
  readonly planHash: string;
  readonly deadlines: Deadlines;
  /** Device of place x at index x − 1. */
  readonly committee: readonly string[];
  readonly threshold: number;
  /** Device → digest of the string it signed. Frozen with the candidates. */
  readonly updates: Readonly<Record<string, string>>;
  /** Devices that took their update back, or said that none will come: final for this round. */
  readonly withdrawn: readonly string[];
}

export interface Collecting extends Planned {
  readonly phase: 'collecting';
  /** Since when there are enough updates, so that the rest have only so long again; null while there are not. */
  readonly enoughAt: number | null;
}

interface Frozen extends Planned {
  readonly candidatesHash: string;
  /** Places that answered the check → digest of their answer. */
  readonly answers: Readonly<Record<number, string>>;
}

export interface Checking extends Frozen {
  readonly phase: 'checking';
}

/** All answers that count are in; the host runs the degree test. */
export interface Judging extends Frozen {
  readonly phase: 'judging';
}

interface Decided extends Frozen {
  /** U, ascending. Fixed once. */
  readonly contributors: readonly string[];
  readonly contributorsHash: string;
  /** Places that take no further part. */
  readonly steppedAside: readonly number[];
  readonly votes: readonly Vote[];
  /** SHA-256 of the packed sum over U, once it is computed. */
  readonly sum: string | null;
}

export interface Voting extends Decided {
  readonly phase: 'voting';
}

export interface OpeningSum extends Decided {
  readonly phase: 'opening';
  /** Places that opened → digest of the opening. */
  readonly openings: Readonly<Record<number, string>>;
  /** Openings the host is trying now; 0 when it is not. */
  readonly trying: number;
  /** Most openings that were tried and did not open the sum. */
  readonly failed: number;
}

/** Nothing more comes of this sum alone: the whole round is concluded once all of its sums are opened or abandoned. */
export interface Opened extends Decided {
  readonly phase: 'opened';
  /** SHA-256 of the stored mean; null where it was opened by a coordinator of old, which made the model at once and kept no mean. */
  readonly mean: string | null;
}

export interface Published extends Decided {
  readonly phase: 'published';
  readonly transcript: string;
}

export interface Abandoned extends Common {
  readonly phase: 'abandoned';
  readonly reason: AbandonReason;
  readonly planHash: string | null;
  /** H(U), where U was fixed. */
  readonly contributorsHash: string | null;
  /** A member had opened already: then what it opened counts as seen. */
  readonly opened: boolean;
}

/** Why a round ended without a result; @sotto/protocol/admin/abandonment says what to do. `Abandoned.opened` says whether members had begun to open the sum. */
export type AbandonReason =
  | 'too_few_members'
  /** The members' keys would not have outlived the plan. */
  | 'planned_too_late'
  | 'too_few_updates'
  | 'too_few_answers'
  | 'too_many_bad_shares'
  | 'too_few_contributors'
  | 'too_few_votes'
  | 'too_few_openings'
  | 'sum_not_openable'
  | 'impossible_sum'
  /** Fewer groups than the run wants were opened. */
  | 'too_few_groups'
  /** The new model is much worse than the best of the run, on the held-out examples. */
  | 'made_worse'
  /** Its run was paused. */
  | 'paused'
  | 'stopped';

/** What happened. Messages from devices have had their signatures and digests verified, and their bytes are on disk. */
export type RoundEvent = { readonly at: number } & (
  | { readonly type: 'one-time-key'; readonly device: string; readonly member: string; readonly oneTime: OneTimeKey }
  | { readonly type: 'planned'; readonly planHash: string; readonly threshold: number; readonly deadlines: Deadlines }
  | { readonly type: 'update'; readonly device: string; readonly digest: string; readonly record: UpdateRecord }
  | { readonly type: 'withdrawn'; readonly device: string }
  | { readonly type: 'left'; readonly device: string }
  | { readonly type: 'returned'; readonly device: string }
  | {
      readonly type: 'answer';
      readonly device: string;
      readonly candidates: string;
      readonly digest: string;
      readonly evidence: CheckAnswer;
    }
  | { readonly type: 'judged'; readonly dropped: readonly string[]; readonly steppedAside: readonly number[] }
  | { readonly type: 'vote'; readonly device: string; readonly contributors: string; readonly evidence: Vote }
  | { readonly type: 'summed'; readonly sum: string }
  | {
      readonly type: 'opening';
      readonly device: string;
      readonly contributors: string;
      readonly digest: string;
      readonly evidence: Opening;
    }
  | {
      readonly type: 'opened';
      /** SHA-256 of the stored mean. Events of old have the hash of a model instead. */
      readonly mean?: string;
      readonly metadata: readonly number[];
      readonly blamed: readonly number[];
    }
  | { readonly type: 'not-opened'; readonly tried: number }
  | { readonly type: 'published'; readonly transcript: string }
  | { readonly type: 'failed'; readonly reason: AbandonReason }
  | { readonly type: 'clock' }
);

/** What the host must do now. Each follows from the state alone, so `resume` can give it again after a crash. */
export type Effect =
  /** Sign and store the plan for `round.members`; then `planned`. */
  | { readonly do: 'make-plan' }
  /** Tell devices of their duties (see duties.ts). */
  | { readonly do: 'remind' }
  /** Run the degree test over the stored answers; then `judged` or `failed`. */
  | { readonly do: 'judge' }
  /** Add the ciphertexts of U; then `summed`. */
  | { readonly do: 'sum' }
  /** Recover the sum key from the stored openings and decrypt; then `opened`, `not-opened` or `failed`. */
  | { readonly do: 'open' }
  /** Send a `clock` event at this time. */
  | { readonly do: 'wake'; readonly at: number }
  /** Opened or abandoned: conclude the round if all of its sums are; then `published`, or `failed` for an opened one. */
  | { readonly do: 'conclude' };

export type RefusalCode =
  | 'round_over'
  | 'wrong_phase'
  | 'too_late'
  | 'not_asked'
  | 'cohort_full'
  | 'withdrawn'
  | 'different_update'
  | 'different_answer'
  | 'key_taken'
  | 'wrong_list'
  | 'stepped_aside';

export interface Step {
  /** The very same object when the event changed nothing. Every event that changed something is stored, those of the clock too. */
  readonly round: Round;
  readonly effects: readonly Effect[];
  /** The event changed nothing and its sender is told why. A repeat of what is already known is neither refused nor stored. */
  readonly refused?: Rejection<RefusalCode>;
}
