import type { ContributionPhase } from '@sotto/fl-core/round/contribution';
import type { TrainingProgress } from '@sotto/learner/training';
import type { Standing } from '@sotto/protocol/admission';
import type { Plan } from '@sotto/protocol/plan';
import type { Rejection } from '@sotto/protocol/rejection';
import type { RoundOutcome, Status } from '@sotto/protocol/run';
import type { Disagreement } from './agreements.ts';
import type { Seat } from './committee-seat.ts';
import type { RoundTaken } from './history.ts';
import { EMPTY_TOTALS, type LedgerEntry, type LedgerTotals } from './ledger.ts';
import type { Receipt } from './receipts.ts';
import type { Terms } from './terms.ts';

/** Everything a page or a log needs to know of a participant: one immutable value, replaced at every change. */
export interface ParticipantState {
  readonly connection: 'off' | 'connecting' | 'connected';
  readonly device: string | null;
  /** The coordinator's public key, once it introduced itself. */
  readonly coordinator: string | null;
  readonly status: Status | null;
  /** Whether it is let in to the task, or what it waits for; null before the coordinator said so. */
  readonly standing: Standing | null;
  readonly phase: ContributionPhase;
  /** The plan this device works on, or last worked on. */
  readonly plan: { readonly hash: string; readonly plan: Plan } | null;
  readonly progress: TrainingProgress | null;
  readonly upload: { readonly sent: number; readonly total: number } | null;
  /** How the latest update was sealed. */
  readonly sealed: { readonly ms: number; readonly bytes: number; readonly norm: number } | null;
  /** Why this device has no part in the latest round it was asked in: others were enough, it took its update back, or was away. */
  readonly satOut: 'unneeded' | 'withdrawn' | 'missed' | null;
  /** The person wants nothing learned for now. Committee duty goes on. */
  readonly paused: boolean;
  /** Its place on the committee of the latest round; null when it has none. */
  readonly seat: Seat | null;
  /** Until when this device may be needed on the committee; null when it is not. */
  readonly dutyUntil: number | null;
  /** What was agreed to with this coordinator about this task; null before the first plan, where nobody was asked. */
  readonly agreement: Terms | null;
  /** Terms that were not agreed to; the device takes no part under them. */
  readonly disagreement: Disagreement | null;
  /** The latest messages that left this device for this coordinator about this task, in earlier sessions too; the vault has them all. */
  readonly ledger: readonly LedgerEntry[];
  /** Sums over all of them. */
  readonly ledgerTotals: LedgerTotals;
  /** Rounds this device took part in, in earlier sessions too, with their receipts. */
  readonly history: readonly RoundTaken[];
  readonly outcomes: readonly RoundOutcome[];
  /** Of the rounds that ended in this session. */
  readonly receipts: readonly Receipt[];
  /** What `problem` tells of is tried once more by itself, in a moment. */
  readonly retrying: boolean;
  /** The latest refusal or failure, until something works again. */
  readonly problem: Rejection | null;
}

export const INITIAL_STATE: ParticipantState = {
  connection: 'off',
  device: null,
  coordinator: null,
  status: null,
  standing: null,
  phase: 'idle',
  plan: null,
  progress: null,
  upload: null,
  sealed: null,
  satOut: null,
  paused: false,
  seat: null,
  dutyUntil: null,
  agreement: null,
  disagreement: null,
  ledger: [],
  ledgerTotals: EMPTY_TOTALS,
  history: [],
  outcomes: [],
  receipts: [],
  retrying: false,
  problem: null,
};
