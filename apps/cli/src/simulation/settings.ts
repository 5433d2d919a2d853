import type { RunRequest } from '@sotto/coordinator/rounds/run-config';
import type { Partition } from '@sotto/learner/partition';
import type { Attack } from './attack.ts';
import { attackersOf } from './attack.ts';
import { dropOutOf } from './drop-out.ts';
import type { Population } from './forecast.ts';

export interface SimulationSettings {
  readonly task: string;
  readonly participants: number;
  /** Fixes who holds which data, their order, initial weights, rounding, selection, drop-outs and attackers; never keys. */
  readonly seed: number;
  readonly partition: Partition;
  /** Probability that a participant drops out of a round. */
  readonly drop: number;
  readonly attack: Attack | null;
  /** What else the run is asked to be. */
  readonly run: Omit<
    RunRequest,
    'task' | 'seed' | 'cohort' | 'overSelection' | 'admission' | 'durations' | 'minimumCohort'
  >;
}

/** A simulation names half of its participants, within these: the other half may drop out. */
const NAMED_MEMBERS = { least: 3, most: 7 };

/** How many of the participants, the first ones, are the committee by name. */
export function namedMembers({ participants, run }: Pick<SimulationSettings, 'participants' | 'run'>): number {
  if (run.committee !== 'named') return 0;
  return Math.min(NAMED_MEMBERS.most, Math.max(NAMED_MEMBERS.least, participants >> 1));
}

export function populationOf(settings: SimulationSettings): Population {
  const { participants, seed, drop } = settings;
  return {
    participants,
    members: namedMembers(settings),
    dropOut: (participant, round) => dropOutOf({ seed, drop, participant, round }),
  };
}

export function attackersIn({ participants, attack, seed }: SimulationSettings): ReadonlySet<number> {
  return attack ? attackersOf(participants, attack.share, seed) : new Set();
}

/** What a coordinator is asked for: a round waits for everybody that has not dropped out, so that no thread's speed decides anything. */
export function requestOf({ task, seed, participants, run }: SimulationSettings): RunRequest {
  return { ...run, task, seed, cohort: { least: participants, most: participants }, overSelection: 1 };
}
