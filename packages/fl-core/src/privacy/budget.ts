import type { Budget, Exposure } from '@sotto/protocol/budget';
import type { PrivacyGoal } from '@sotto/protocol/privacy';
import { conversion, epsilonOf, ORDERS } from './accountant.ts';
import { costOf } from './noise.ts';

/** So that rounds which together cost ε exactly, but for the rounding of doubles, fit it. */
const ROUNDING = 1 + 1e-9;

/** The sums of one round that any member helped to open: one, or one a group. A device is in one of them. */
export type ExposedRound = readonly Exposure[];

/** Cost ρ(α) at each of ORDERS to the device in whichever of the groups costs most. */
function roundCost(round: ExposedRound): number[] {
  const costs = round.map(costOf);
  return ORDERS.map((_, i) => costs.reduce((most, cost) => Math.max(most, cost[i]!), 0));
}

function costOfAll(rounds: readonly ExposedRound[]): number[] {
  const spent = ORDERS.map(() => 0);
  for (const round of rounds) for (const [i, cost] of roundCost(round).entries()) spent[i]! += cost;
  return spent;
}

/** ε, at this δ, of rounds that were opened; 0 of none. */
export function epsilonSpent(delta: number, rounds: readonly ExposedRound[]): number {
  return rounds.length === 0 ? 0 : epsilonOf(costOfAll(rounds), delta);
}

/** Whether, after rounds that were opened, another may be without going beyond what the run may spend. */
export function affords({ epsilon, delta }: PrivacyGoal, rounds: readonly ExposedRound[], next: ExposedRound): boolean {
  return epsilon === undefined || epsilonSpent(delta, [...rounds, next]) <= epsilon * ROUNDING;
}

/**
 * Where the budget of a run stands. At an order α at which every further round costs ρ(α), (ε − conversion(α, δ) − spent(α))/ρ(α) more of
 * them fit; the best order counts.
 *
 * @param rounds  those that were opened, published or not.
 * @param next    what a further one would expose.
 * @param planned how many further ones are planned.
 */
export function budgetOf(
  { epsilon, delta, contributors }: PrivacyGoal,
  rounds: readonly ExposedRound[],
  { next, planned }: { readonly next: ExposedRound; readonly planned: number },
): Budget {
  const spent = costOfAll(rounds);
  const cost = roundCost(next);
  const fitting = (alpha: number, i: number) => (epsilon! * ROUNDING - conversion(alpha, delta) - spent[i]!) / cost[i]!;
  const roundsLeft = epsilon === undefined ? null : Math.max(0, Math.floor(Math.max(...ORDERS.map(fitting))));
  const further = roundsLeft === null ? planned : Math.min(planned, roundsLeft);
  return {
    epsilon: epsilon ?? null,
    delta,
    contributors,
    spent: epsilonSpent(delta, rounds),
    atEnd:
      rounds.length + further === 0
        ? 0
        : epsilonOf(
            spent.map((sum, i) => sum + further * cost[i]!),
            delta,
          ),
    roundsLeft,
  };
}
