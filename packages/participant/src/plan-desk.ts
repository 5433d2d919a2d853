import type { Pins } from '@sotto/protocol/invite';
import { architectureOf } from '@sotto/protocol/model-file';
import type { Plan } from '@sotto/protocol/plan';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { checkPlan } from './plan-check.ts';
import { fetchModel, fetchPlan } from './public-documents.ts';
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

/** The model file that a plan starts from, whose architecture was agreed to as well. */
export async function obtainModel(
  plan: Plan,
  { transport, consent }: Pick<PlanPorts, 'transport' | 'consent'>,
): Promise<Uint8Array | Rejection> {
  const model = await fetchModel(transport, plan.model);
  if (isRejection(model)) return model;
  const architecture = architectureOf(model);
  if (isRejection(architecture)) return architecture;
  return (await consent(plan, architecture)) ?? model;
}
