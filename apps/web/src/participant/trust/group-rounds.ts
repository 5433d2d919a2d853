import type { Plan } from '@sotto/protocol/plan';
import type { RunSummary } from '@sotto/protocol/run';

/** Whether a device's update is summed up within a group: as its present plan says; before it has one, as the run under way was started. */
export function isOpenedInGroups(
  plan: Pick<Plan, 'group'> | null,
  run: { readonly state: RunSummary['state']; readonly config: Pick<RunSummary['config'], 'groups'> } | null,
): boolean {
  if (plan) return plan.group !== 0;
  const isUnderWay = run?.state === 'running' || run?.state === 'paused';
  return isUnderWay && run.config.groups !== null;
}
