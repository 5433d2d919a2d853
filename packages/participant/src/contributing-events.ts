import type { Contribution } from '@sotto/fl-core/round/contribution';
import type { TrainingProgress } from '@sotto/learner/training';
import type { Plan } from '@sotto/protocol/plan';
import type { Rejection } from '@sotto/protocol/rejection';
import type { ParticipantState } from './state.ts';

export type ContributingEvent =
  | { readonly type: 'phase'; readonly phase: Contribution['phase']; readonly plan: Plan; readonly planHash: string }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'sealed'; readonly ms: number; readonly bytes: number; readonly norm: number }
  | { readonly type: 'sent'; readonly sent: number; readonly total: number }
  /** The round has what it needs without this device's update. */
  | { readonly type: 'unneeded' }
  /** `again`: it is tried once more by itself. */
  | { readonly type: 'problem'; readonly problem: Rejection; readonly again: boolean };

/** What it changes in what is shown. */
export function changeBy(event: ContributingEvent): Partial<ParticipantState> {
  switch (event.type) {
    case 'phase':
      // Whatever it gave up for stays to be read.
      if (event.phase === 'idle') return { phase: 'idle' };
      return {
        phase: event.phase,
        plan: { hash: event.planHash, plan: event.plan },
        problem: null,
        retrying: false,
        ...(event.phase === 'learning' && { progress: null, upload: null, sealed: null, satOut: null }),
      };
    case 'progress':
      return { progress: event.progress };
    case 'sealed':
      return { sealed: { ms: event.ms, bytes: event.bytes, norm: event.norm } };
    case 'sent':
      return { upload: { sent: event.sent, total: event.total } };
    case 'unneeded':
      return { phase: 'idle', satOut: 'unneeded', retrying: false };
    case 'problem':
      return { retrying: event.again };
  }
}
