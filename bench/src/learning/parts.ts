import { ATTACKS, DEFAULT_FACTORS } from '@sotto/cli/simulation/attack';
import { type Goal, percent, points } from './goal.ts';
import { type LearnedRun, makeRun, meanOf, type Run, type Setting } from './run.ts';

/** Runs that belong to one table, and to one result file. */
export interface Part {
  readonly name: string;
  readonly runs: readonly Run[];
  /** What these runs promise, once all of them are there. */
  readonly goals: (runs: readonly LearnedRun[]) => readonly Goal[];
}

const SEEDS = [1, 2, 3];
export const BY_LABEL = { kind: 'shards', each: 2 } as const;

/** Weights to a coefficient of 51 bits; bytes a parameter are 51/8 of them. */
export const LANES = { '3.2': 2, '2.1': 3, '1.6': 4 } as const;
export const MOST_LOST_TO_BYTES = 0.005;

/** A cohort that can be divided. */
const DIVISIBLE = { fractionFit: 0.5, rounds: 10 } as const;
const GROUPS = {
  groups: { count: 10, least: 4 },
  robust: { rule: 'trimmed-mean', trim: 0.2, gate: true },
} as const;
const MOST_LOST_TO_SIGN_FLIP = 0.03;
/** As long as the clip lets it be: flipped, an honest length only makes the mean shorter. */
const LOUD_SIGN_FLIP = { kind: 'sign-flip', factor: 10 } as const;

/** In the order in which they are worth waiting for. */
export const PARTS: readonly Part[] = [
  paper('2nn-iid', { published: 87, target: 0.97, rounds: 300 }),
  bytes(),
  robustness(),
  skew(),
  privacy(),
  paper('2nn-by-label', { published: 664, target: 0.97, rounds: 1000, partition: BY_LABEL }),
  paper('cnn-iid', { task: 'cnn', published: 34, target: 0.99, rounds: 60 }, [1]),
];

/** A line of McMahan et al. 2017, and how many rounds it took there. */
function paper(
  name: string,
  { published, ...setting }: Setting & { readonly target: number; readonly published: number },
  seeds: readonly number[] = SEEDS,
): Part {
  return {
    name,
    runs: seeds.map((seed) => makeRun(`seed ${seed}`, { ...setting, seed })),
    goals(runs) {
      const rounds = runs.map(({ roundsToTarget }) => roundsToTarget ?? Number.POSITIVE_INFINITY);
      const median = rounds.toSorted((a, b) => a - b)[rounds.length >> 1]!;
      return [
        {
          what: `${percent(setting.target)} after ${rounds.join(', ')} rounds; the paper has ${published}, at most which the median shall be`,
          met: median <= published,
        },
      ];
    },
  };
}

function bytes(): Part {
  const cohorts = [10, 47];
  return {
    name: 'bytes',
    runs: cohorts.flatMap((participants) =>
      Object.values(LANES).flatMap((lanes) =>
        SEEDS.map((seed) =>
          makeRun(`${participants} participants, ${lanes} lanes, seed ${seed}`, {
            task: 'mnist',
            participants,
            fractionFit: 1,
            lanes,
            seed,
          }),
        ),
      ),
    ),
    goals: (runs) =>
      cohorts.map((participants) => {
        const reached = (lanes: number) =>
          meanOf(
            runs
              .filter(({ settings }) => settings.participants === participants && settings.run.lanes === lanes)
              .map(({ accuracies }) => accuracies.at(-1) ?? 0),
          );
        const lost = reached(LANES['3.2']) - reached(LANES['1.6']);
        return {
          what: `1.6 instead of 3.2 bytes a parameter cost ${participants} participants ${points(lost)}, at most ${points(MOST_LOST_TO_BYTES)}`,
          met: lost <= MOST_LOST_TO_BYTES,
        };
      }),
  };
}

function robustness(): Part {
  const kinds = [...ATTACKS.map((kind) => ({ kind, factor: DEFAULT_FACTORS[kind] })), LOUD_SIGN_FLIP];
  const attacks = kinds.flatMap((attack) => [0.1, 0.2].map((share) => ({ ...attack, share })));
  return {
    name: 'robustness',
    runs: [null, ...attacks].flatMap((attack) => attackedRuns(attack, DIVISIBLE, GROUPS)),
    goals(runs) {
      const reached = (share: number, grouped: boolean) =>
        runs.find(
          ({ settings: { attack, run } }) =>
            (run.groups !== undefined) === grouped &&
            (share === 0
              ? attack === null
              : attack?.kind === 'sign-flip' && attack.factor === 1 && attack.share === share),
        )!.accuracy;
      return [signFlipGoal(reached(0, false), reached(0.2, true))];
    },
  };
}

export function attackedRuns(attack: NonNullable<Setting['attack']> | null, cohort: Setting, groups: Setting): Run[] {
  const name = attack ? `${attack.kind} × ${attack.factor} by ${percent(attack.share)}` : 'nobody attacks';
  return [
    makeRun(`${name}, one sum`, { ...cohort, attack }),
    makeRun(`${name}, groups`, { ...cohort, attack, ...groups }),
  ];
}

export function signFlipGoal(clean: number, grouped: number): Goal {
  return {
    what: `20 % sign flippers cost a run in groups ${points(clean - grouped)}, at most ${points(MOST_LOST_TO_SIGN_FLIP)}`,
    met: clean - grouped <= MOST_LOST_TO_SIGN_FLIP,
  };
}

function skew(): Part {
  const partitions = [BY_LABEL, { kind: 'dirichlet', alpha: 0.3 } as const];
  const strategies = [
    { name: 'FedAvg' } as const,
    { name: 'FedProx', proximal_mu: 0.01 } as const,
    { name: 'FedProx', proximal_mu: 0.1 } as const,
    { name: 'FedAdam', eta: 0.03, tau: 0.001 } as const,
  ];
  return {
    name: 'skew',
    runs: partitions.flatMap((partition) =>
      strategies.map((strategy) =>
        makeRun(`${partition.kind}, ${JSON.stringify(strategy)}`, { partition, strategy, rounds: 50 }),
      ),
    ),
    goals: () => [],
  };
}

/** Softmax regression has few parameters to hide, and a thousand contributors much noise to share. */
function privacy(): Part {
  const setting = { task: 'softmax', participants: 1000, fractionFit: 1, rounds: 20 } as const;
  const goal = { delta: 1e-5, contributors: 667, clip: 0.5 } as const;
  return {
    name: 'privacy',
    runs: [
      makeRun('no noise', setting),
      ...[8, 4, 2, 1].map((epsilon) => makeRun(`epsilon ${epsilon}`, { ...setting, dp: { ...goal, epsilon } })),
    ],
    goals: () => [],
  };
}
