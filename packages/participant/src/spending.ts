import { affords, epsilonSpent } from '@sotto/fl-core/privacy/budget';
import { exposureOf } from '@sotto/fl-core/privacy/noise';
import type { Exposure } from '@sotto/protocol/budget';
import type { Plan } from '@sotto/protocol/plan';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { type RoundTaken, readHistory } from './history.ts';
import { exposuresIn } from './receipts.ts';
import type { Vault } from './vault.ts';

/**
 * A device's own account of a run under noise. A coordinator should end a run before it costs more than was promised; a device that keeps
 * count need not rely on that.
 */
export async function checkSpending(vault: Vault, plan: Plan): Promise<Rejection<'budget_spent'> | undefined> {
  const { encoding, noise } = plan;
  if (!noise || noise.epsilon === null) return undefined;
  const { epsilon, delta, contributors } = noise;
  const spent = (await exposedSoFar(vault, plan)).map((exposure) => [exposure]);
  const next = [exposureOf(encoding, noise)];
  if (affords({ epsilon, delta, contributors }, spent, next)) return undefined;
  const cost = epsilonSpent(delta, [...spent, next]).toPrecision(3);
  return reject(
    'budget_spent',
    `With what this device gave to the run before, the round would cost it ε = ${cost}; ε = ${epsilon} is what the run may.`,
  );
}

/**
 * What its updates to the run gave away, but for the round of the plan itself, which is answered again with the same bytes. An update counts
 * unless its round is known to have ended without it.
 */
async function exposedSoFar(vault: Vault, plan: Plan): Promise<Exposure[]> {
  const exposures = await exposuresIn(vault, plan);
  const ends = new Map(
    (await readHistory(vault, plan)).flatMap((taken) =>
      taken.run === plan.run ? [[taken.round, taken] as const] : [],
    ),
  );
  return [...exposures].flatMap(([round, exposure]) =>
    round === plan.round || isUnused(ends.get(round)) ? [] : [exposure],
  );
}

/**
 * Abandoned before any member opened, as the coordinator says, or published by a record that holds and has the update in no sum. Whether a
 * sum that was opened was used is all one.
 */
function isUnused(taken: RoundTaken | undefined): boolean {
  if (!taken) return false;
  if (taken.outcome === 'abandoned') return taken.opened === false;
  const { receipt } = taken;
  return receipt?.problems.length === 0 && (receipt.part === 'dropped' || receipt.part === 'late');
}
