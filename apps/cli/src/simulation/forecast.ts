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
}

/** What selection and drop-outs make of a round before anybody learns. Participants are counted from 0. */
export interface Forecast {
  readonly round: number;
  readonly cohort: readonly number[];
  /** Those of the cohort that stay until their update is sent. */
  readonly staying: readonly number[];
  readonly nMax: number;
  /** Enough of the committee stay to open a sum. */
  readonly opens: boolean;
}

/**
 * The coordinator's own selection over participants that are all there as a round begins, in their order. In a simulation nothing about a
 * round but what is learned hangs on more than its number and the seed.
 */
export function foresee(config: RunConfig, { participants, members, dropOut }: Population, round: number): Forecast {
  const present = Array.from({ length: participants }, (_, index) => presenceOf(index));
  const named = new Set(present.slice(0, members).map(({ device }) => device));
  const selection = select(config, round, { present, named, silent: new Set(), ends: 0 });
  invariant(selection, 'a simulation has as many participants as a round waits for');
  const cohort = selection.cohort.map(Number);
  const committee = selection.seats.slice(0, selection.committee.most).map(Number);
  const left = committee.filter((member) => member < members || dropOut(member, round) === null);
  return {
    round,
    cohort,
    staying: cohort.filter((index) => index < members || dropOut(index, round) !== 'before-upload'),
    nMax: selection.nMax,
    opens: left.length >= leastThreshold(committee.length),
  };
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
