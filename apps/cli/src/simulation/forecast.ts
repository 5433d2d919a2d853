import type { Presence } from '@sotto/coordinator/desk/sessions';
import { select } from '@sotto/coordinator/rounds/selection';
import { leastThreshold } from '@sotto/protocol/plan';
import { invariant } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import type { DropOut } from './drop-out.ts';

export interface Population {
  readonly participants: number;
  /** The first so many are the named committee, and never drop out; 0: it is drawn from the cohort. */
  readonly members: number;
  readonly dropOut: (participant: number, round: number) => DropOut | null;
  /** Whose update can never be sealed. */
  readonly mute: ReadonlySet<number>;
}

/** What selection and drop-outs make of a round before anybody learns. Participants are counted from 0. */
export interface Forecast {
  readonly round: number;
  readonly cohort: readonly number[];
  readonly nMax: number;
  readonly dropOut: (participant: number) => DropOut | null;
  /** Fewer updates will be sent than may be opened. */
  readonly isHopeless: boolean;
  /** Enough of the committee stay to open a sum. */
  readonly opens: boolean;
}

/**
 * The coordinator's own selection over participants that are all there as a round begins, in their order. In a simulation nothing about a
 * round but what is learned hangs on more than its number and the seed.
 */
export function foresee(config: RunConfig, population: Population, round: number): Forecast {
  const { participants, members, mute } = population;
  const present = Array.from({ length: participants }, (_, index) => presenceOf(index));
  const named = new Set(present.slice(0, members).map(({ device }) => device));
  const selection = select(config, round, { present, named, silent: new Set(), ends: 0 });
  invariant(selection, 'a simulation has as many participants as a round waits for');
  const dropOut = (participant: number) => (participant < members ? null : population.dropOut(participant, round));
  const cohort = selection.cohort.map(Number);
  const committee = selection.seats.slice(0, selection.committee.most).map(Number);
  const sending = cohort.filter((index) => !mute.has(index) && dropOut(index) !== 'before-upload');
  return {
    round,
    cohort,
    nMax: selection.nMax,
    dropOut,
    isHopeless: sending.length < config.minimumCohort,
    opens: committee.filter((member) => dropOut(member) === null).length >= leastThreshold(committee.length),
  };
}

/** A coordinator pauses a run after so many rounds in a row without a model. */
export const MOST_TRIES = 5;

/** Why it is of no use to begin with this round: nor would the tries after it be published. Null when one of them may. */
export function whyForsaken(config: RunConfig, population: Population, round: number): string | null {
  const tries = Array.from({ length: MOST_TRIES }, (_, i) => foresee(config, population, round + i));
  if (!tries.every(({ isHopeless }) => isHopeless)) return null;
  const { cohort, dropOut } = tries[0]!;
  const dropped = cohort.filter((index) => dropOut(index) === 'before-upload').length;
  const mute = cohort.filter((index) => population.mute.has(index)).length;
  const others = mute > 0 ? ` and ${mute} have nothing that can be sealed` : '';
  return `Round ${round} cannot be published: ${dropped} of ${cohort.length} participants drop out before their update is sent${others}, and the task needs ${config.minimumCohort} that stay. Simulate more participants, a lower --drop, or another --seed.`;
}

function presenceOf(index: number): Presence {
  const device = String(index);
  return {
    device,
    key: device,
    task: '',
    contributes: true,
    standing: 'admitted',
    certificates: [],
    since: index,
    attended: 0,
  };
}
