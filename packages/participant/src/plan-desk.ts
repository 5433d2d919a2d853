import type { Pins } from '@sotto/protocol/invite';
import type { Plan } from '@sotto/protocol/plan';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { checkPlan } from './plan-check.ts';
import { fetchPlan } from './public-documents.ts';
import type { Transport } from './transport.ts';

export interface PlanPorts {
  readonly transport: Pick<Transport, 'fetch'>;
  readonly pins: Pins;
  readonly task: string;
  readonly floor: number;
  readonly now: () => number;
  /** The coordinator this device is talking to. */
  readonly coordinator: () => string;
  /** Holds a plan against what was agreed to. `architecture`: of the model it starts from; null where that has not been fetched yet. */
  readonly consent: (plan: Plan, architecture: string | null) => Promise<Rejection | undefined>;
}

/** A plan by its hash, which passed every check that can be made before its model is here, and keeps to what was agreed to. */
export async function obtainPlan(hash: string, ports: PlanPorts): Promise<Plan | Rejection> {
  const { transport, pins, task, floor, now, coordinator, consent } = ports;
  const signed = await fetchPlan(transport, hash);
  if (isRejection(signed)) return signed;
  const expected = { hash, coordinator: coordinator(), task, pins, floor, now: now() };
  const refused = (await checkPlan(signed, expected)) ?? (await consent(signed.plan, null));
  return refused ?? signed.plan;
}
