import type { RoundFacts } from '@sotto/protocol/admin/live';
import type { FieldIssue, RoundTotals, RunLine } from '@sotto/protocol/admin/runs';
import type { RunSummary } from '@sotto/protocol/run';
import type { z } from 'zod';

/** Points of a curve in a list: more are not told apart there. */
const MOST_POINTS = 60;

export function runLine({ rounds, ...run }: RunSummary): RunLine {
  const published = rounds.filter((round) => round.kind === 'published');
  const { testAccuracy, testLoss } = published.at(-1) ?? run.initial;
  return {
    ...run,
    endedAt: rounds.at(-1)?.endedAt ?? null,
    published: published.length,
    abandoned: rounds.length - published.length,
    testAccuracy,
    testLoss,
    curve: thinned([run.initial.testAccuracy, ...published.map((round) => round.testAccuracy)]),
  };
}

/** So many of them at the most, evenly, the first and the last among them. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= MOST_POINTS) return [...values];
  const step = (values.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, i) => values[Math.round(i * step)]!);
}

export function totalsOf(facts: ReadonlyMap<number, RoundFacts>): RoundTotals[] {
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, n) => total + n, 0);
  return [...facts]
    .map(([round, { received, refused }]) => ({ round, received: sum(received), refused: sum(refused) }))
    .sort((a, b) => a.round - b.round);
}

/** All that is wrong with a request, each once, in words that follow the field's name. */
export function fieldIssues({ issues }: z.ZodError): FieldIssue[] {
  const found = new Map<string, string>();
  for (const { path, message } of issues) {
    const field = path.join('.');
    if (!found.has(field)) found.set(field, message);
  }
  return [...found].map(([field, message]) => ({ field: field === '' ? null : field, message }));
}

/** Why a request has no run, `FIELD: what is wrong`, apart. */
export function issueOf(message: string): FieldIssue {
  const [, field, rest] = /^([a-zA-Z_]+(?:\.[a-zA-Z_]+)*): (.+)$/s.exec(message) ?? [];
  return field === undefined || rest === undefined ? { field: null, message } : { field, message: rest };
}
