import { LARGEST_COHORT } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { RunRequest } from './run-request.ts';

/** How a field of a request, `groups.count`, is called where the request was written: `--groups`. */
export type NameOf = (field: string) => string;

/** Of two groups the median and every trimmed mean are the plain mean. */
const LEAST_ROBUST = 3;

/** What sets how many contributors a sum needs: a field, or the task. */
interface Floor {
  readonly count: number;
  /** With its value. */
  readonly said: string;
  /** To be lowered. */
  readonly field: string | null;
}

/**
 * Why no run can have all that the request asks for, in a sentence that names what is written there, its value, and what to change; null
 * when one can. Each field is taken to be within its own bounds.
 */
export function whyNotTogether(request: RunRequest, task: TaskManifest, nameOf: NameOf): string | null {
  return (
    whyNotFloor(request, task, nameOf) ??
    whyNotCohort(request, floorOf(request, task, nameOf), nameOf) ??
    whyNotOthers(request, task, nameOf) ??
    whyNotSchedule(request, task, nameOf)
  );
}

function whyNotFloor({ minimumCohort, dp }: RunRequest, { id, privacy }: TaskManifest, nameOf: NameOf): string | null {
  if (minimumCohort === undefined) return null;
  const floor = nameOf('minimumCohort');
  if (minimumCohort < privacy.minimumCohort)
    return `${floor}: ${minimumCohort} is too few, because the task ${id} opens no sum of fewer than ${privacy.minimumCohort} contributors; give at least as many.`;
  if (dp?.contributors !== undefined && dp.contributors > minimumCohort)
    return `${nameOf('dp.contributors')}: noise of ${dp.contributors} contributors is counted on, but a sum of ${minimumCohort} could be opened; raise ${floor} or lower ${nameOf('dp.contributors')}.`;
  return null;
}

function floorOf({ minimumCohort, dp }: RunRequest, { id, privacy }: TaskManifest, nameOf: NameOf): Floor {
  const by = (field: string, count: number) => ({ count, field, said: `${nameOf(field)} (${count})` });
  if (minimumCohort !== undefined) return by('minimumCohort', minimumCohort);
  if ((dp?.contributors ?? 0) > privacy.minimumCohort) return by('dp.contributors', dp!.contributors!);
  return {
    count: privacy.minimumCohort,
    field: null,
    said: `the fewest that the task ${id} opens a sum of (${privacy.minimumCohort})`,
  };
}

function whyNotCohort({ groups, cohort }: RunRequest, floor: Floor, nameOf: NameOf): string | null {
  if (groups?.least !== undefined && groups.least > groups.count)
    return `${nameOf('groups.least')}: ${groups.least} groups cannot be opened of ${nameOf('groups.count')} (${groups.count}); lower the one or raise the other.`;
  const needed = (groups?.count ?? 1) * floor.count;
  const why = `${groups ? `${nameOf('groups.count')} (${groups.count}) times ` : ''}${floor.said}`;
  const lower = [...(groups ? ['groups.count'] : []), ...(floor.field === null ? [] : [floor.field])].map(nameOf);
  const tooFew = (field: string, given: number) =>
    `${nameOf(field)}: ${given} devices are too few, because a round needs ${needed}: ${why}. ${[`Raise ${nameOf(field)}`, ...lower.map((name) => `lower ${name}`)].join(', or ')}.`;
  if (cohort?.most !== undefined && cohort.most < needed) return tooFew('cohort.most', cohort.most);
  if (cohort?.least !== undefined && cohort.least < needed) return tooFew('cohort.least', cohort.least);
  if (needed > LARGEST_COHORT)
    return `${lower[0]}: a round would need ${needed} devices, ${why}, and can have ${LARGEST_COHORT} at most. Lower ${lower.join(' or ')}.`;
  if (cohort?.least !== undefined && cohort.most !== undefined && cohort.least > cohort.most)
    return `${nameOf('cohort.least')}: a round cannot wait for ${cohort.least} devices and take ${nameOf('cohort.most')} (${cohort.most}) at most; lower the one or raise the other.`;
  return null;
}

function whyNotOthers(
  { dp, groups, robust }: RunRequest,
  { id, privacy }: TaskManifest,
  nameOf: NameOf,
): string | null {
  if (dp && dp.epsilon === undefined && dp.noiseMultiplier === undefined)
    return `dp: nothing says how much noise there is; give ${nameOf('dp.epsilon')}, what the whole run may spend, or ${nameOf('dp.noiseMultiplier')}.`;
  if (dp?.clip !== undefined && dp.clip > privacy.clip)
    return `${nameOf('dp.clip')}: ${dp.clip} is too long, because the task ${id} lets an update be ${privacy.clip} long; give no more than that.`;
  if (robust && !groups)
    return `${nameOf('robust')}: the means of groups are combined; give ${nameOf('groups')}, too, or leave it out.`;
  if (robust && groups && groups.count < LEAST_ROBUST)
    return `${nameOf('robust')}: of ${groups.count} groups nothing can be told apart, and their median is their mean; raise ${nameOf('groups.count')} (${groups.count}) to ${LEAST_ROBUST} or more, or leave it out.`;
  return null;
}

function whyNotSchedule({ rounds, schedule }: RunRequest, task: TaskManifest, nameOf: NameOf): string | null {
  const all = rounds ?? task.rounds;
  if (!schedule || schedule.warmup < all) return null;
  const said = rounds === undefined ? `${all}, as the task ${task.id} says` : String(all);
  return `${nameOf('schedule.warmup')}: a learning rate that rises for ${schedule.warmup} rounds never gets to its full height in ${nameOf('rounds')} (${said}); lower the one or raise the other.`;
}
