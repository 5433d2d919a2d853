import { encodingFor, noiseFor } from '@sotto/coordinator/rounds/plan-making';
import { completeConfig } from '@sotto/coordinator/rounds/run-config';
import { epsilonSpent } from '@sotto/fl-core/privacy/budget';
import { exposureOf } from '@sotto/fl-core/privacy/noise';
import { isRejection } from '@sotto/protocol/rejection';
import type { TaskManifest } from '@sotto/protocol/task';

const PARAMETERS = 7850;
const CONTRIBUTORS = 100;
const ROUNDS = 100;
const DELTA = 1e-5;
const MULTIPLIER = 10;

/** What `epsilonOfSetting` is of. */
export const SETTING = `${PARAMETERS.toLocaleString('en')} parameters, ${ROUNDS} rounds in which everybody takes part, noise of ${CONTRIBUTORS} contributors ${MULTIPLIER} times what one of them can add, δ = 1e-5`;

/** ε of Gaussian noise in that setting, at integer orders 2 … 256, by Google's dp_accounting. */
export const GAUSSIAN_EPSILON = 4.752728;

/** ε of a run in that setting, by the plans that a coordinator would make. */
export function epsilonOfSetting(task: TaskManifest): number {
  const goal = { noiseMultiplier: MULTIPLIER, delta: DELTA, contributors: CONTRIBUTORS };
  const request = { task: task.id, rounds: ROUNDS, dp: goal, cohort: { most: CONTRIBUTORS }, seed: 1 };
  const config = completeConfig(request, task, PARAMETERS);
  if (isRejection(config)) throw new Error(config.message);
  const encoding = encodingFor(config, task, PARAMETERS, CONTRIBUTORS);
  if (isRejection(encoding)) throw new Error(encoding.message);
  const exposure = exposureOf(encoding, noiseFor(config, encoding)!);
  return epsilonSpent(
    DELTA,
    Array.from({ length: ROUNDS }, () => [exposure]),
  );
}
