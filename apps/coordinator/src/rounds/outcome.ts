import type { Abandoned, Publishing, Round } from '@sotto/fl-core/round/round';
import { bestOf } from '@sotto/fl-core/strategy/progress';
import type { Plan } from '@sotto/protocol/plan';
import type { PublishedRound, RoundOutcome, RunSummary } from '@sotto/protocol/run';
import type { Spending } from './budget.ts';

/** Milliseconds in each phase that has ended by `until`. */
function phaseTimes({ began }: Pick<Round, 'began'>, until: number): Record<string, number> {
  const starts = Object.entries(began);
  return Object.fromEntries(
    starts.map(([phase, start], i): [string, number] => [phase, (starts[i + 1]?.[1] ?? until) - start]),
  );
}

export function abandonedOutcome(round: number, { reason, setup, began }: Abandoned, spending: Spending): RoundOutcome {
  return { kind: 'abandoned', round, reason, startedAt: setup.startedAt, endedAt: began.abandoned!, ...spending };
}

export function publishedOutcome(
  round: Publishing,
  about: {
    readonly round: number;
    readonly plan: Pick<Plan, 'encoding' | 'training'>;
    readonly metadata: readonly number[];
    readonly evaluation: { readonly accuracy: number; readonly loss: number };
    readonly transcript: string;
    /** Bytes each contributor sent. */
    readonly sent: readonly number[];
    readonly spending: Spending;
    readonly at: number;
  },
): PublishedRound {
  const value = (name: string) =>
    about.metadata[about.plan.encoding.metadata.findIndex((entry) => entry.name === name)] ?? 0;
  return {
    kind: 'published',
    round: about.round,
    contributors: round.contributors.length,
    testAccuracy: about.evaluation.accuracy,
    testLoss: about.evaluation.loss,
    trainAccuracy: value('examples') > 0 ? value('correct') / value('examples') : null,
    model: round.model,
    learningRate: about.plan.training.optimizer.learningRate,
    transcript: about.transcript,
    startedAt: round.setup.startedAt,
    endedAt: about.at,
    phases: phaseTimes(round, about.at),
    uploadBytes: median(about.sent),
    ...about.spending,
  };
}

/** The published round whose model does best on held-out data. */
export function bestRound(published: readonly PublishedRound[]): NonNullable<RunSummary['best']> | null {
  const best = bestOf(published);
  if (best === null) return null;
  const { round, model, testAccuracy, testLoss } = best;
  return { round, model, testAccuracy, testLoss };
}

/** 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
