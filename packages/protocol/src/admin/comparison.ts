import type { RunConfig, RunSummary } from '../run.ts';
import type { RunDetail } from './runs.ts';

/** What came of a run, in the numbers in which runs are compared; null where there is none. */
export interface RunFactsSummary {
  readonly state: RunSummary['state'];
  readonly published: number;
  readonly abandoned: number;
  /** Of the latest model, on held-out data. */
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly best: number;
  readonly bestRound: number;
  /** To a published round, on average. */
  readonly contributors: number | null;
  /** That a contributor sent in a round, on average over published rounds. */
  readonly uploadBytes: number | null;
  /** From all devices, in all rounds of which it is known. */
  readonly received: number | null;
  readonly refused: number | null;
  /** A published round, on average. */
  readonly roundMs: number | null;
  /** From the start to the end of the last round. */
  readonly tookMs: number | null;
  readonly epsilon: number | null;
}

export function factsOf({ run, totals }: RunDetail): RunFactsSummary {
  const { state, initial, rounds, best, budget, startedAt } = run;
  const published = rounds.filter((round) => round.kind === 'published');
  const latest = published.at(-1) ?? initial;
  const mean = (of: (round: (typeof published)[number]) => number) =>
    published.length === 0 ? null : published.reduce((sum, round) => sum + of(round), 0) / published.length;
  const sum = (of: (total: RunDetail['totals'][number]) => number) =>
    totals.length === 0 ? null : totals.reduce((all, total) => all + of(total), 0);
  const last = rounds.at(-1);
  return {
    state,
    published: published.length,
    abandoned: rounds.length - published.length,
    testAccuracy: latest.testAccuracy,
    testLoss: latest.testLoss,
    best: best.testAccuracy,
    bestRound: best.round,
    contributors: mean((round) => round.contributors),
    uploadBytes: mean((round) => round.uploadBytes),
    received: sum((total) => total.received),
    refused: sum((total) => total.refused),
    roundMs: mean((round) => round.endedAt - round.startedAt),
    tookMs: last ? last.endedAt - startedAt : null,
    epsilon: budget === null ? null : budget.spent,
  };
}

/** One setting by the name that it has in a request, and what each of the runs was told; null: nothing. */
export interface Difference {
  readonly name: string;
  readonly values: readonly (string | null)[];
}

/** The settings in which runs differ. */
export function differences(configs: readonly RunConfig[]): Difference[] {
  const settings = configs.map((config) => new Map(leavesOf(config, '')));
  const names = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  return names
    .map((name) => ({ name, values: settings.map((each) => each.get(name) ?? null) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** Every setting of a value by its path; what is null has none. */
export function leavesOf(value: unknown, path: string): [name: string, value: string][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, path === '' ? name : `${path}.${name}`));
}
