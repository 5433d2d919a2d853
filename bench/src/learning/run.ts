import { SimulationSettings } from '@sotto/cli/simulation/settings';
import type { z } from 'zod';

type Given = z.input<typeof SimulationSettings>;

/** What is said of a run; the rest is as in the paper. */
export type Setting = Partial<Omit<Given, 'run'>> & Given['run'] & { readonly target?: number | null };

/** A simulation whose accuracies are a line of a table. */
export interface Run {
  /** Unique in its part. */
  readonly name: string;
  readonly settings: SimulationSettings;
  /** Accuracy at which it is over; null: it plays all of its rounds. */
  readonly target: number | null;
}

/** What became of one. */
export interface LearnedRun extends Run {
  readonly parameters: number;
  readonly bytesPerParameter: number | null;
  /** Accuracy on the held-out examples before the first round. */
  readonly initial: number;
  /** After each round; null where the round was abandoned. */
  readonly accuracies: readonly (number | null)[];
  /** The best of them, which is how McMahan et al. draw their curves. */
  readonly best: number;
  /** Mean after the last five published rounds. */
  readonly accuracy: number;
  /** Rounds until the target was reached; null when it never was. */
  readonly roundsToTarget: number | null;
  /** Hash of the last model. */
  readonly model: string;
  /** Why it ended before its last round and below its target; null when it did not. */
  readonly note: string | null;
}

/** McMahan et al. 2017: a hundred participants, ten of them in a round. */
const PAPER = { participants: 100, partition: { kind: 'iid' }, fractionFit: 0.1 } as const;

/** Nothing is sealed where it is not asked for: sums are the same, bit for bit, and a hundred times sooner there. */
export function makeRun(
  name: string,
  {
    task = '2nn',
    participants = PAPER.participants,
    partition = PAPER.partition,
    seed = 1,
    drop = 0,
    seal = false,
    attack = null,
    target = null,
    ...run
  }: Setting,
): Run {
  const settings = SimulationSettings.parse({
    task,
    participants,
    partition,
    seed,
    drop,
    seal,
    attack,
    run: { fractionFit: PAPER.fractionFit, ...run },
  });
  return { name, settings, target };
}

/** Of ten thousand held-out digits nothing is lost by it. */
export function toFourDigits(accuracy: number): number {
  return Number(accuracy.toFixed(4));
}

/** What tables and goals say of a run, out of its accuracy before and after each round. */
export function sumUp(
  initial: number,
  accuracies: LearnedRun['accuracies'],
  target: number | null,
): Pick<LearnedRun, 'best' | 'accuracy' | 'roundsToTarget'> {
  const reached = accuracies.filter((accuracy) => accuracy !== null);
  const last = reached.slice(-LAST);
  const index = target === null ? -1 : accuracies.findIndex((accuracy) => accuracy !== null && accuracy >= target);
  return {
    best: Math.max(initial, ...reached),
    accuracy: last.length === 0 ? initial : meanOf(last),
    roundsToTarget: index < 0 ? null : index + 1,
  };
}

/** Models of neighbouring rounds differ by chance: their mean tells more than the last. */
const LAST = 5;

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
