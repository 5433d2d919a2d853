import { exposureOf } from '@sotto/fl-core/privacy/noise';
import { BOX_BYTES } from '@sotto/he-core/params';
import type { RunPreview } from '@sotto/protocol/admin/runs';
import { type Encoding, MOST_COMMITTEE } from '@sotto/protocol/plan';
import { InvariantError, isRejection } from '@sotto/protocol/rejection';
import { longestRoundMs, type RunConfig } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { uploadLayout } from '../aggregation/upload-layout.ts';
import { runBudget, spendingOf } from './budget.ts';
import { mostInOneSum } from './grouping.ts';
import { encodingFor, noiseFor } from './plan-making.ts';
import { DRAWN_COMMITTEE } from './selection.ts';

/** What a run will cost, by the numbers that the plans of its first round will have. @param named  devices that may sit on a named committee */
export function previewRun(
  config: RunConfig,
  {
    task,
    parameters,
    named,
    isBusy,
  }: { readonly task: TaskManifest; readonly parameters: number; readonly named: number; readonly isBusy: boolean },
): RunPreview {
  const nMax = mostInOneSum(config);
  const encoding = encodingFor(config, task, parameters, nMax);
  if (isRejection(encoding)) throw new InvariantError(`a run was planned that has no encoding: ${encoding.message}`);
  const drawn = Math.min(Math.ceil(config.cohort.most * config.overSelection), DRAWN_COMMITTEE);
  const members = config.committee === 'drawn' ? drawn : Math.min(named, MOST_COMMITTEE);
  const { ciphertext } = uploadLayout({ encoding, committee: { threshold: 1, members: [] } });
  return {
    config,
    parameters,
    nMax,
    profile: encoding.profile,
    lanes: encoding.lanes,
    lambda: encoding.lambda,
    rotated: encoding.rotation !== undefined,
    members,
    ciphertextBytes: ciphertext,
    uploadBytes: ciphertext + members * BOX_BYTES,
    modelBytes: parameters * Float32Array.BYTES_PER_ELEMENT,
    longestRoundMs: longestRoundMs(config.durations),
    privacy: privacyOf(config, encoding),
    isBusy,
  };
}

function privacyOf(config: RunConfig, encoding: Encoding): RunPreview['privacy'] {
  const noise = noiseFor(config, encoding);
  if (!noise) return null;
  const exposure = exposureOf(encoding, noise);
  const budget = runBudget(config, [], [exposure])!;
  return {
    oneRound: spendingOf(config, [], [{ encoding, noise }]).epsilon!,
    atEnd: budget.atEnd,
    rounds: Math.min(config.rounds, budget.roundsLeft ?? config.rounds),
    delta: noise.delta,
    contributors: noise.contributors,
    noiseMultiplier: Math.sqrt(exposure.variance / exposure.l2Squared),
  };
}
