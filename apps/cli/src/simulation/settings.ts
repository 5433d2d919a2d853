import { RunRequest } from '@sotto/coordinator/rounds/run-request';
import { z } from 'zod';
import { ATTACKS, attackersOf } from './attack.ts';
import { dropOutOf } from './drop-out.ts';
import type { Population } from './population.ts';

const Partition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('iid') }),
  z.strictObject({ kind: z.literal('shards'), each: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('dirichlet'), alpha: z.number().positive() }),
]);

/** What a simulation is of, and all that its models follow from. */
export const SimulationSettings = z.strictObject({
  task: z.string(),
  participants: z.number().int().min(3),
  /** Fixes who holds which data, their order, initial weights, rounding, selection, drop-outs and attackers; never keys. */
  seed: z.number().int().min(0),
  /** Whether updates are sealed and opened, or added as numbers. */
  seal: z.boolean(),
  partition: Partition,
  /** Probability that a participant drops out of a round. */
  drop: z.number().min(0).lt(1),
  attack: z
    .strictObject({
      kind: z.enum(ATTACKS),
      /** Of the participants, 0 … 1. */
      share: z.number().min(0).max(1),
      factor: z.number().positive(),
    })
    .nullable(),
  /** What else the run is asked to be. */
  run: RunRequest.omit({
    task: true,
    seed: true,
    cohort: true,
    overSelection: true,
    admission: true,
    durations: true,
    minimumCohort: true,
  }),
});
export type SimulationSettings = z.infer<typeof SimulationSettings>;

/** A simulation names half of its participants, within these: the other half may drop out. */
const NAMED_MEMBERS = { least: 3, most: 7 };

/** How many of the participants, the first ones, are the committee by name. */
function namedMembers({ participants, run }: Pick<SimulationSettings, 'participants' | 'run'>): number {
  if (run.committee !== 'named') return 0;
  return Math.min(NAMED_MEMBERS.most, Math.max(NAMED_MEMBERS.least, participants >> 1));
}

export function populationOf(settings: SimulationSettings): Population {
  const { participants, seed, drop, attack } = settings;
  return {
    participants,
    members: namedMembers(settings),
    dropOut: (participant, round) => dropOutOf({ seed, drop, participant, round }),
    mute: attack?.kind === 'nan' ? attackersIn(settings) : new Set(),
  };
}

export function attackersIn({
  participants,
  attack,
  seed,
}: Pick<SimulationSettings, 'participants' | 'attack' | 'seed'>): ReadonlySet<number> {
  return attack ? attackersOf(participants, attack.share, seed) : new Set();
}

/** What a coordinator is asked for: a round waits for everybody who has not dropped out, so that no thread's speed decides anything. */
export function requestOf({ task, seed, participants, run }: SimulationSettings): RunRequest {
  return { ...run, task, seed, cohort: { most: participants }, overSelection: 1 };
}
