import type { ContributionPhase } from '@sotto/fl-core/round/contribution';
import type { TrainingProgress } from '@sotto/learner/training';
import type { Standing } from '@sotto/protocol/admission';
import type { Plan } from '@sotto/protocol/plan';
import type { Rejection } from '@sotto/protocol/rejection';
import type { RoundOutcome, Status } from '@sotto/protocol/run';
import type { LedgerEntry } from './ledger.ts';
import type { Receipt } from './receipts.ts';

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
  /** Why this device has no part in the latest round it was asked in: others were enough, or it took its update back. */
  readonly satOut: 'unneeded' | 'withdrawn' | null;
  /** Until when this device may be needed on the committee; null when it is not. */
  readonly dutyUntil: number | null;
  /** Everything that left this device since the session began. */
  readonly ledger: readonly LedgerEntry[];
  readonly outcomes: readonly RoundOutcome[];
  readonly receipts: readonly Receipt[];
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
  dutyUntil: null,
  ledger: [],
  outcomes: [],
  receipts: [],
  problem: null,
};
