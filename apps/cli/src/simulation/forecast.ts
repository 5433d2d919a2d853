import type { Presence } from '@sotto/coordinator/desk/sessions';
import { divide } from '@sotto/coordinator/rounds/grouping';
import { select } from '@sotto/coordinator/rounds/selection';
import { MOST_TRIES } from '@sotto/coordinator/rounds/tries';
import { leastThreshold } from '@sotto/protocol/plan';
import { invariant } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import { anotherSimulation, needsForNoise } from './advice.ts';
import type { DropOut } from './drop-out.ts';
import type { Population } from './population.ts';

/** One part of a round: a group, or the whole of it as group 0. */
export interface ForecastPart {
  readonly group: number;
  readonly cohort: readonly number[];
  readonly nMax: number;
  /** Fewer updates will be sent than may be opened. */
  readonly isHopeless: boolean;
}

/** What selection and drop-outs make of a round before anybody learns. Participants are counted from 0. */
export interface Forecast {
  readonly round: number;
  readonly parts: readonly ForecastPart[];
  readonly dropOut: (participant: number) => DropOut | null;
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
  const committee = selection.seats.slice(0, selection.committee.most).map(Number);
  const dropOut = (participant: number) => {
    const when = participant < members ? null : population.dropOut(participant, round);
    // Whom several groups need is gone for all of them: which of them it still served would be a matter of speed.
    return when !== null && config.groups !== null && committee.includes(participant) ? 'before-upload' : when;
  };
  const parts = divide(config, round, selection, null).map(({ group, cohort: devices, nMax }): ForecastPart => {
    const cohort = devices.map(Number);
    const sending = cohort.filter((index) => !mute.has(index) && dropOut(index) !== 'before-upload');
    return { group, cohort, nMax, isHopeless: sending.length < config.minimumCohort };
  });
  const staying = committee.filter((member) => dropOut(member) === null);
  return { round, parts, dropOut, opens: staying.length >= leastThreshold(committee.length) };
}

/** Whether too few will send their updates in the participant's part of the round. */
export function isHopelessFor({ parts }: Pick<Forecast, 'parts'>, participant: number): boolean {
  return parts.some(({ cohort, isHopeless }) => isHopeless && cohort.includes(participant));
}

/** Why it is of no use to begin with this round: nor would the tries after it be published. Null when one of them may. */
export function whyForsaken(config: RunConfig, population: Population, round: number): string | null {
  const tries = Array.from({ length: MOST_TRIES }, (_, i) => foresee(config, population, round + i));
  const least = config.groups?.least ?? 1;
  const fails = ({ parts }: Forecast) => parts.filter(({ isHopeless }) => !isHopeless).length < least;
  if (!tries.every(fails)) return null;
  const { parts, dropOut } = tries[0]!;
  const cohort = parts.flatMap((part) => part.cohort);
  const dropped = cohort.filter((index) => dropOut(index) === 'before-upload').length;
  const mute = cohort.filter((index) => population.mute.has(index)).length;
  const others = mute > 0 ? ` and ${mute} have nothing that can be sealed` : '';
  const noise = needsForNoise(config);
  const needs = `${config.groups ? `each of ${least} groups` : noise ? 'the noise' : 'the task'} needs ${config.minimumCohort} that stay${noise ? ' (--dp-contributors)' : ''}`;
  return `Round ${round} cannot be published: ${dropped} of ${cohort.length} participants drop out before their update is sent${others}, and ${needs}. ${anotherSimulation({ drop: dropped > 0, attack: mute > 0, noise })}`;
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
    about: null,
    network: null,
  };
}
