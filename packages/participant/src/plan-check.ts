import { checkNumbers } from '@sotto/fl-core/encoding';
import { PROFILES } from '@sotto/he-core/params';
import { checkCertificate } from '@sotto/protocol/certificate';
import type { Pins } from '@sotto/protocol/invite';
import { verifyOneTimeKey } from '@sotto/protocol/one-time-key';
import {
  LEAST_COHORT,
  leastThreshold,
  type Plan,
  planHash,
  planString,
  roundKeyOf,
  type SignedPlan,
} from '@sotto/protocol/plan';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';

export interface PlanExpectations {
  /** The hash the plan was announced under. */
  readonly hash: string;
  readonly coordinator: string;
  readonly task: string;
  readonly pins: Pins;
  /** Fewest contributors this device insists on. */
  readonly floor: number;
  readonly now: number;
}

export type PlanRejection = Rejection<
  | 'plan_hash'
  | 'plan_signature'
  | 'plan_foreign'
  | 'plan_late'
  | 'plan_committee'
  | 'plan_cohort'
  | 'plan_numbers'
  | 'plan_noise'
  | `certificate_${string}`
>;

/**
 * Every check of a plan that a device makes before it trains or answers for it (docs/PROTOCOL.md, "Plan"), but two: that the round is new
 * (the reducers know) and that the model's bytes hash to the plan's model hash (contributors before they learn, members before they answer).
 */
export async function checkPlan(signed: SignedPlan, expected: PlanExpectations): Promise<PlanRejection | undefined> {
  const { plan, signature } = signed;
  const { coordinator, task, pins, now } = expected;
  if (planHash(plan) !== expected.hash) return reject('plan_hash', 'The plan is not the one that was announced.');
  if (plan.coordinator !== coordinator || (pins.coordinator !== null && plan.coordinator !== pins.coordinator))
    return reject('plan_foreign', 'The plan is from another coordinator than the one this device agreed to.');
  if (!(await verifySignature(coordinator, planString(expected.hash), signature)))
    return reject('plan_signature', "The plan does not carry the coordinator's signature.");
  if (plan.task !== task)
    return reject('plan_foreign', `The plan is for the task ${plan.task}, this device joined ${task}.`);
  const { upload, check, vote, open } = plan.deadlines;
  if (upload > check || check > vote || vote > open)
    return reject('plan_late', "The plan's deadlines are out of order.");
  if (open <= now) return reject('plan_late', 'The round is already over.');
  const floor = Math.max(LEAST_COHORT, expected.floor);
  if (plan.minimumCohort < floor)
    return reject(
      'plan_cohort',
      `The plan would open a sum of ${plan.minimumCohort}; this device insists on at least ${floor} contributors.`,
    );
  if (plan.encoding.nMax < plan.minimumCohort)
    return reject(
      'plan_numbers',
      `The plan has room for ${plan.encoding.nMax} contributors but wants at least ${plan.minimumCohort}.`,
    );
  return checkNumbers(plan, PROFILES) ?? (await checkCommittee(plan, expected));
}

async function checkCommittee(plan: Plan, { pins, now }: PlanExpectations): Promise<PlanRejection | undefined> {
  const { members, threshold } = plan.committee;
  const bad = (what: string) => reject('plan_committee', `The plan's committee is refused: ${what}.`);
  if (members.length < pins.leastCommittee)
    return bad(`${members.length} members, this device insists on ${pins.leastCommittee}`);
  if (threshold < leastThreshold(members.length) || threshold > members.length)
    return bad(
      `${threshold} of ${members.length} could open; at least ${leastThreshold(members.length)} must be needed`,
    );
  if (new Set(members.map(({ key }) => key)).size !== members.length) return bad('a device is listed twice');
  if (new Set(members.map(({ oneTime }) => oneTime.key)).size !== members.length)
    return bad('two members share a one-time key');
  for (const [i, { key, certificate, oneTime }] of members.entries()) {
    if (pins.studyKey !== null) {
      if (!certificate) return bad(`member ${i + 1} has no certificate of the study key`);
      const refused = await checkCertificate(certificate, {
        studyKey: pins.studyKey,
        key,
        task: plan.task,
        role: 'member',
        now,
      });
      if (refused) return refused;
    }
    if (oneTime.expiry < plan.deadlines.open)
      return bad(`the one-time key of member ${i + 1} expires before the round can end`);
    if (!(await verifyOneTimeKey(key, roundKeyOf(plan), oneTime)))
      return bad(`the one-time key of member ${i + 1} is not signed by it`);
  }
  return undefined;
}
