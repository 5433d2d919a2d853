import { affords, budgetOf, type ExposedRound, epsilonSpent } from '@sotto/fl-core/privacy/budget';
import { exposureOf } from '@sotto/fl-core/privacy/noise';
import type { Budget, Exposure } from '@sotto/protocol/budget';
import type { Plan } from '@sotto/protocol/plan';
import { InvariantError, isRejection } from '@sotto/protocol/rejection';
import type { RoundOutcome, RunConfig } from '@sotto/protocol/run';
import { encodingFor, noiseFor, type PlanTerms } from './plan-making.ts';

/** Why a run ends before all its rounds, for people. */
const SPENT =
  'The privacy budget is spent: one more round would tell more about each device than was promised. The model of the last round stays.';

type Promised = Pick<RunConfig, 'dp' | 'rounds'>;
export type Spending = Pick<RoundOutcome, 'exposures' | 'epsilon'>;
type Spent = readonly Pick<RoundOutcome, 'exposures'>[];

/** The rounds that cost something: in any of their groups any member opened, whatever became of them then. */
function openedRounds(outcomes: Spent): ExposedRound[] {
  return outcomes.flatMap(({ exposures }) => (exposures ? [exposures] : []));
}

/** What the outcome of a round says of its cost. `plans`: of the groups in which any member opened. Nothing where there are none, or no noise. */
export function spendingOf(
  { dp }: Promised,
  before: Spent,
  plans: readonly Pick<Plan, 'encoding' | 'noise'>[],
): Spending {
  const exposures = distinct(plans.flatMap(({ encoding, noise }) => (noise ? exposureOf(encoding, noise) : [])));
  if (!dp || exposures.length === 0) return {};
  return { exposures, epsilon: epsilonSpent(dp.delta, [...openedRounds(before), exposures]) };
}

/** Groups of one size have the same numbers. */
function distinct(exposures: readonly Exposure[]): Exposure[] {
  return [...new Map(exposures.map((exposure) => [JSON.stringify(exposure), exposure])).values()];
}

/** What a round of so many contributors exposes, by the numbers that its plan will have. */
export function exposedBy(
  { config, task, parameters, key, scale }: Pick<PlanTerms, 'config' | 'task' | 'parameters' | 'key' | 'scale'>,
  nMax: number,
): ExposedRound {
  if (!config.dp) return [];
  const encoding = encodingFor(config, task, parameters, nMax, { ...key, scale });
  if (isRejection(encoding)) throw new InvariantError(`a run was made that has no encoding: ${encoding.message}`);
  const noise = noiseFor(config, encoding);
  return noise ? [exposureOf(encoding, noise)] : [];
}

/** Why no round that exposes so much may begin; null when one may. */
export function whyNoneLeft({ dp }: Promised, outcomes: Spent, next: ExposedRound): string | null {
  return dp && !affords(dp, openedRounds(outcomes), next) ? SPENT : null;
}

/** Where a run's budget stands, from its outcomes alone; null without noise. `next`: what a further round would expose. */
export function runBudget(
  { dp, rounds }: Promised,
  outcomes: readonly RoundOutcome[],
  next: ExposedRound,
): Budget | null {
  if (!dp) return null;
  const published = outcomes.filter(({ kind }) => kind === 'published').length;
  return budgetOf(dp, openedRounds(outcomes), { next, planned: Math.max(0, rounds - published) });
}
