import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { PrivacyGoal } from '@sotto/protocol/privacy';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { Groups } from '@sotto/protocol/robustness';
import { DEFAULT_DURATIONS, PhaseDurations, RunConfig } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { z } from 'zod';
import { spendingOf, whyNoneLeft } from './budget.ts';
import { type NameOf, whyNotTogether } from './fitting-together.ts';
import { leastCohortOf, mostInOneSum } from './grouping.ts';
import { encodingFor, noiseFor } from './plan-making.ts';

/** What may be left out when a run is asked for: everything but the task. */
export const RunRequest = RunConfig.partial()
  .required({ task: true })
  .extend({
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
    dp: z
      .strictObject({
        ...PrivacyGoal.shape,
        delta: PrivacyGoal.shape.delta.optional(),
        contributors: PrivacyGoal.shape.contributors.optional(),
      })
      .nullable()
      .optional(),
    durations: PhaseDurations.partial().optional(),
    groups: z
      .strictObject({ ...Groups.shape, least: Groups.shape.least.optional() })
      .nullable()
      .optional(),
    robust: RunConfig.shape.robust.unwrap().optional(),
    guard: RunConfig.shape.guard.unwrap().optional(),
  });
export type RunRequest = z.infer<typeof RunRequest>;

const MOST_COHORT = 200;
const USUAL_DELTA = 1e-5;

/**
 * The request with its gaps filled from the task, or why no such run is possible: in terms of what the request says, not of what was made of it.
 * @param nameOf  how a field is called where the request was written
 */
export function completeConfig(
  asked: RunRequest,
  task: TaskManifest,
  parameters: number,
  nameOf: NameOf = (field) => field,
): RunConfig | Rejection<'bad_config'> {
  const request: RunRequest = { ...task.run, ...asked };
  const why = whyNotTogether(request, task, nameOf);
  if (why !== null) return reject('bad_config', why);
  const minimumCohort = request.minimumCohort ?? Math.max(task.privacy.minimumCohort, request.dp?.contributors ?? 0);
  const groups = request.groups ? withLeast(request.groups) : null;
  const least = request.cohort?.least ?? leastCohortOf({ groups, minimumCohort });
  const parsed = RunConfig.safeParse(
    {
      committee: 'drawn',
      lanes: 'auto',
      seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
      rounds: task.rounds,
      ...request,
      groups,
      dp: request.dp ? withDelta(request.dp, minimumCohort) : null,
      minimumCohort,
      cohort: { least, most: request.cohort?.most ?? Math.max(least, MOST_COHORT) },
      durations: { ...DEFAULT_DURATIONS, ...request.durations },
    },
    { error: inWords },
  );
  if (!parsed.success) return reject('bad_config', firstIssue(parsed.error));
  const config = parsed.data;
  const encoding = encodingFor(config, task, parameters, mostInOneSum(config));
  if (isRejection(encoding))
    return reject(
      'bad_config',
      encoding.rejected === 'cohort_too_large'
        ? `${nameOf(sizeOf(request))}: ${encoding.message} Lower it.`
        : `${nameOf(config.dp ? noiseOf(config.dp) : 'lanes')}: ${encoding.message}`,
    );
  const { exposures = [], epsilon = 0 } = spendingOf(config, [], [{ encoding, noise: noiseFor(config, encoding) }]);
  if (whyNoneLeft(config, [], exposures) !== null)
    return reject(
      'bad_config',
      `${nameOf('dp.noiseMultiplier')}: one round of such noise costs ε = ${epsilon.toPrecision(3)}, more than the whole run may (${config.dp?.epsilon}); raise ${nameOf('dp.noiseMultiplier')} or ${nameOf('dp.epsilon')}.`,
    );
  return config;
}

/** The field that a sum's size comes of. */
function sizeOf({ cohort, minimumCohort }: RunRequest): string {
  if (cohort?.most !== undefined) return 'cohort.most';
  if (cohort?.least !== undefined) return 'cohort.least';
  return minimumCohort === undefined ? 'dp.contributors' : 'minimumCohort';
}

/** The field that the noise comes of. */
function noiseOf({ noiseMultiplier }: PrivacyGoal): string {
  return noiseMultiplier === undefined ? 'dp.epsilon' : 'dp.noiseMultiplier';
}

/** More than half of the groups: whoever misleads fewer does not decide. */
function withLeast({ count, least }: NonNullable<RunRequest['groups']>): Groups {
  return { count, least: least ?? Math.floor(count / 2) + 1 };
}

/** δ is well below one in the number of people: a tenth of that at the most. */
function withDelta(dp: NonNullable<RunRequest['dp']>, minimumCohort: number): PrivacyGoal {
  const { contributors = minimumCohort } = dp;
  return { ...dp, contributors, delta: dp.delta ?? Math.min(USUAL_DELTA, 0.1 / contributors) };
}
