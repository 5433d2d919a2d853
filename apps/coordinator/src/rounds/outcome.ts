import { bestOf, type HeldOut } from '@sotto/fl-core/gate';
import { ownExamples } from '@sotto/fl-core/own-examples';
import type { OpenedGroup } from '@sotto/fl-core/ranges';
import type { AbandonReason, Opened, Round } from '@sotto/fl-core/round/round';
import type { Plan } from '@sotto/protocol/plan';
import type { GroupOutcome, PublishedRound, RoundOutcome, RunSummary } from '@sotto/protocol/run';
import type { Spending } from './budget.ts';

/** One part of a round, over by itself. */
export interface ToldPart {
  readonly group: number;
  readonly round: Round;
}

/** One whose sum is open. */
export interface OpenedPart extends ToldPart {
  readonly round: Opened;
  readonly plan: Plan;
  /** Sums over its contributors, in plan order. */
  readonly metadata: readonly number[];
}

/** What the gate made of a group: the model before plus its mean alone, on the held-out examples. */
export interface Trial extends HeldOut {
  readonly kept: boolean;
}

/** By group; none where nothing was tried. */
export type Trials = ReadonlyMap<number, Trial>;

/** Milliseconds in each phase that has ended by `until`: of several parts, from the first that is in it to the first in the next. */
function phaseTimes(parts: readonly ToldPart[], until: number): Record<string, number> {
  const starts = new Map<string, number>();
  for (const { round } of parts)
    for (const [phase, at] of Object.entries(round.began)) starts.set(phase, Math.min(at, starts.get(phase) ?? at));
  const sorted = [...starts].sort(([, a], [, b]) => a - b);
  return Object.fromEntries(
    sorted.map(([phase, start], i): [string, number] => [phase, (sorted[i + 1]?.[1] ?? until) - start]),
  );
}

export function abandonedOutcome(
  parts: readonly ToldPart[],
  about: {
    readonly round: number;
    readonly reason: AbandonReason;
    readonly trials: Trials;
    readonly spending: Spending;
    readonly at: number;
  },
): RoundOutcome {
  return {
    kind: 'abandoned',
    round: about.round,
    reason: about.reason,
    startedAt: startOf(parts),
    endedAt: about.at,
    opened: parts.some(isSeen),
    ...about.spending,
    ...groupsOf(parts, about.trials, false),
  };
}

export function publishedOutcome(
  parts: readonly ToldPart[],
  opened: readonly OpenedPart[],
  about: Pick<
    PublishedRound,
    'round' | 'model' | 'state' | 'norm' | 'learningRate' | 'saturated' | 'scale' | 'transcript'
  > & {
    readonly evaluation: HeldOut;
    readonly trials: Trials;
    /** Bytes each contributor sent. */
    readonly sent: readonly number[];
    readonly spending: Spending;
    readonly at: number;
  },
): PublishedRound {
  const { evaluation, trials, sent, spending, at, ...rest } = about;
  return {
    kind: 'published',
    ...rest,
    contributors: opened.reduce((sum, { round }) => sum + round.contributors.length, 0),
    testAccuracy: evaluation.accuracy,
    testLoss: evaluation.loss,
    ...ownExamples(opened.map(openedGroupOf)),
    startedAt: startOf(parts),
    endedAt: at,
    phases: phaseTimes(opened, at),
    uploadBytes: median(sent),
    ...spending,
    ...groupsOf(parts, trials, true),
  };
}

/** An opening that came shows what a sum shows, whether or not enough of them came, or the sum was of any use. */
export function isSeen({ round }: ToldPart): boolean {
  return round.phase === 'opened' || (round.phase === 'abandoned' && round.opened);
}

export function openedGroupOf({ plan, round, metadata }: OpenedPart): OpenedGroup {
  return { encoding: plan.encoding, contributors: round.contributors.length, metadata };
}

/** Opened metadata by its name; 0 where the plan opens no such. */
export function countOf({ plan, metadata }: Pick<OpenedPart, 'plan' | 'metadata'>, name: string): number {
  return metadata[plan.encoding.metadata.findIndex((entry) => entry.name === name)] ?? 0;
}

/** Nothing, of a round that is opened whole. */
function groupsOf(
  parts: readonly ToldPart[],
  trials: Trials,
  published: boolean,
): { readonly groups?: GroupOutcome[] } {
  if (parts.every(({ group }) => group === 0)) return {};
  const groups = parts.map(({ group, round }): GroupOutcome => {
    if (round.phase === 'abandoned') return { group, contributors: 0, kept: false, reason: round.reason };
    const trial = trials.get(group);
    return {
      group,
      contributors: 'contributors' in round ? round.contributors.length : 0,
      kept: published && (trial?.kept ?? true),
      ...(trial?.kept === false && { reason: 'gate' }),
      ...(trial && { accuracy: trial.accuracy }),
    };
  });
  return { groups };
}

function startOf(parts: readonly ToldPart[]): number {
  return Math.min(...parts.map(({ round }) => round.setup.startedAt));
}

/** The model of a run that does best on held-out data: that it began with, as of round 0, or one that it published. */
export function bestModel(initial: RunSummary['initial'], published: readonly BestModel[]): BestModel {
  const measured = ({ round, model, testAccuracy, testLoss }: BestModel) => {
    const told = { round, model, testAccuracy, testLoss };
    return { told, ...heldOutOf(told) };
  };
  return bestOf(measured({ round: 0, ...initial }), published.map(measured)).told;
}

type BestModel = RunSummary['best'];

/** What the guard compares with: the best that the run has published; as long as it has none, the model that it began with. */
export function guardedResult(initial: Tested, published: readonly Tested[]): HeldOut {
  const [first = initial, ...others] = published;
  return bestOf(heldOutOf(first), others.map(heldOutOf));
}

type Tested = Pick<BestModel, 'testAccuracy' | 'testLoss'>;

export function heldOutOf({ testAccuracy, testLoss }: Tested): HeldOut {
  return { accuracy: testAccuracy, loss: testLoss };
}

/** 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
