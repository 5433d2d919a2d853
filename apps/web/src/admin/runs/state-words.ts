import type { SeatState, UpdateState } from '@sotto/protocol/admin/live';
import type { Phase } from '@sotto/protocol/run';

interface StateWords {
  readonly name: string;
  /** Behind `8 devices`. */
  readonly what: string;
  readonly fill: string;
}

/** In the order in which they are shown: what is done first, what is lost last. */
export const UPDATE_STATES: Readonly<Record<UpdateState, StateWords>> = {
  counted: { name: 'Counted', what: 'whose update is in the sum', fill: 'bg-accent' },
  sent: { name: 'Sent', what: 'whose update is here', fill: 'bg-accent/65' },
  sending: { name: 'Sending', what: 'whose update is on its way', fill: 'bg-second' },
  learning: { name: 'Learning', what: 'that learn', fill: 'bg-second/55' },
  asked: { name: 'Asked', what: 'that wait for the plan', fill: 'bg-line-strong' },
  'left-out': { name: 'Left out', what: 'whose update came and is not in the sum', fill: 'bg-warn' },
  withdrawn: { name: 'Withdrawn', what: 'that took their update back', fill: 'bg-warn/60' },
  away: { name: 'Away', what: 'that are not connected', fill: 'bg-bad/55' },
  missed: { name: 'Missed', what: 'whose update was not here in time', fill: 'bg-bad' },
};

export const SEAT_STATES: Readonly<Record<SeatState, string>> = {
  asked: 'asked for a key',
  ready: 'gave a key',
  spare: 'spare',
  member: 'member',
  checked: 'checked the shares',
  voted: 'voted',
  opened: 'helped to open',
  aside: 'takes no further part',
};

interface PhaseWords {
  readonly phase: Phase;
  readonly name: string;
  readonly what: string;
}

/** In their order. */
export const PHASES: readonly PhaseWords[] = [
  { phase: 'waiting', name: 'Gather', what: 'Waiting for enough devices.' },
  { phase: 'summoning', name: 'Keys', what: 'Committee members hand in one-time keys.' },
  { phase: 'planning', name: 'Plan', what: 'The plan of the round is signed.' },
  { phase: 'collecting', name: 'Updates', what: 'Devices learn, seal and send.' },
  { phase: 'checking', name: 'Check', what: 'The committee checks the sealed key shares.' },
  { phase: 'voting', name: 'Vote', what: 'The committee agrees on whose updates count.' },
  { phase: 'opening', name: 'Open', what: 'The committee opens the sum.' },
  { phase: 'publishing', name: 'Publish', what: 'The new model is tested and published.' },
];
