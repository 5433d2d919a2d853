import { MAX_ONE_TIME_KEY_LIFETIME_MS } from '@sotto/protocol/one-time-key';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { DEFAULT_DURATIONS, longestRoundMs, PhaseDurations, RunConfig } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { z } from 'zod';
import { firstIssue } from '../first-issue.ts';
import { spendingOf, whyNoneLeft } from './budget.ts';
import { leastCohortOf, mostInOneSum } from './grouping.ts';
import { encodingFor, noiseFor } from './plan-making.ts';

/** What may be left out when a run is asked for: everything but the task. */
export const RunRequest = RunConfig.partial().required({ task: true }).extend({
  cohort: RunConfig.shape.cohort.partial().optional(),
  admission: RunConfig.shape.admission.unwrap().optional(),
  lanes: RunConfig.shape.lanes.unwrap().optional(),
  bits: RunConfig.shape.bits.unwrap().optional(),
  rotation: RunConfig.shape.rotation.unwrap().optional(),
  ranges: RunConfig.shape.ranges.unwrap().optional(),
  overSelection: RunConfig.shape.overSelection.unwrap().optional(),
  keepCiphertexts: RunConfig.shape.keepCiphertexts.unwrap().optional(),
  strategy: RunConfig.shape.strategy.unwrap().optional(),
  schedule: RunConfig.shape.schedule.unwrap().optional(),
  earlyStopping: RunConfig.shape.earlyStopping.unwrap().optional(),
  fractionFit: RunConfig.shape.fractionFit.unwrap().optional(),
  dp: RunConfig.shape.dp.unwrap().optional(),
  durations: PhaseDurations.partial().optional(),
  groups: RunConfig.shape.groups.unwrap().optional(),
  robust: RunConfig.shape.robust.unwrap().optional(),
  guard: RunConfig.shape.guard.unwrap().optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;

const MOST_COHORT = 200;

/** The request with its gaps filled from the task, or why no such run is possible. */
export function completeConfig(
  request: RunRequest,
  task: TaskManifest,
  parameters: number,
): RunConfig | Rejection<'bad_config'> {
  const minimumCohort = request.minimumCohort ?? Math.max(task.privacy.minimumCohort, request.dp?.contributors ?? 0);
  const wanted = leastCohortOf({ groups: request.groups ?? null, minimumCohort });
  const least = request.cohort?.least ?? wanted;
  const parsed = RunConfig.safeParse({
    committee: 'drawn',
    lanes: 'auto',
    seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    rounds: task.rounds,
    ...request,
    minimumCohort,
    cohort: { least, most: request.cohort?.most ?? Math.max(least, MOST_COHORT) },
    durations: { ...DEFAULT_DURATIONS, ...request.durations },
  });
  if (!parsed.success) return reject('bad_config', firstIssue(parsed.error));
  const config = parsed.data;
  const { cohort, durations } = config;
  if (minimumCohort < task.privacy.minimumCohort)
    return reject(
      'bad_config',
      `minimumCohort: the task ${task.id} opens no sum of fewer than ${task.privacy.minimumCohort} contributors.`,
    );
  if (config.dp && minimumCohort < config.dp.contributors)
    return reject(
      'bad_config',
      `dp: noise of ${config.dp.contributors} contributors is counted on, but a sum of ${minimumCohort} could be opened; raise minimumCohort or lower dp.contributors.`,
    );
  if (config.dp?.clip !== undefined && config.dp.clip > task.privacy.clip)
    return reject(
      'bad_config',
      `dp.clip: the task ${task.id} lets one update be ${task.privacy.clip} long, a run no longer.`,
    );
  if (cohort.least < minimumCohort || cohort.most < cohort.least)
    return reject(
      'bad_config',
      `cohort: least (${cohort.least}) must lie between minimumCohort (${minimumCohort}) and most (${cohort.most}).`,
    );
  if (cohort.least < wanted)
    return reject(
      'bad_config',
      `cohort: ${config.groups?.count} groups of at least ${minimumCohort} need ${wanted} devices to begin a round; least is ${cohort.least}.`,
    );
  if (config.robust !== null && config.groups === null)
    return reject('bad_config', 'robust: the means of groups are combined; give the run groups as well.');
  if (longestRoundMs(durations) + 120_000 > MAX_ONE_TIME_KEY_LIFETIME_MS)
    return reject('bad_config', 'durations: a round must end within a day, because one-time keys live no longer.');
  const encoding = encodingFor(config, task, parameters, mostInOneSum(config));
  if (isRejection(encoding)) return reject('bad_config', `cohort.most or lanes: ${encoding.message}`);
  const { exposures = [], epsilon = 0 } = spendingOf(config, [], [{ encoding, noise: noiseFor(config, encoding) }]);
  if (whyNoneLeft(config, [], exposures) !== null)
    return reject(
      'bad_config',
      `dp: one round of such noise costs ε = ${epsilon.toPrecision(3)}, more than the whole run may; raise dp.noiseMultiplier or dp.epsilon.`,
    );
  return config;
}
