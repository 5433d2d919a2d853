import { firstIssue, inWords } from '@sotto/protocol/in-words';
import type { PrivacyGoal } from '@sotto/protocol/privacy';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { Groups } from '@sotto/protocol/robustness';
import { DEFAULT_DURATIONS, RunConfig } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { spendingOf, whyNoneLeft } from './budget.ts';
import { type NameOf, whyNotTogether } from './fitting-together.ts';
import { leastCohortOf, mostInOneSum } from './grouping.ts';
import { encodingFor, noiseFor } from './plan-making.ts';
import type { RunRequest } from './run-request.ts';

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
