import { chooseEncoding } from '@sotto/fl-core/encoding';
import { calibrate } from '@sotto/fl-core/privacy/calibration';
import { rotationSeed } from '@sotto/fl-core/rotation';
import type { Planning } from '@sotto/fl-core/round/round';
import { localTraining } from '@sotto/fl-core/strategy/local-training';
import { PROFILES } from '@sotto/he-core/params';
import type { Certificate } from '@sotto/protocol/certificate';
import type { RoundKey } from '@sotto/protocol/ids';
import { type Encoding, leastThreshold, type Plan, planHash, planString, type SignedPlan } from '@sotto/protocol/plan';
import type { Noise } from '@sotto/protocol/privacy';
import { InvariantError, isRejection } from '@sotto/protocol/rejection';
import type { RunConfig, UpdateScale } from '@sotto/protocol/run';
import type { Signer } from '@sotto/protocol/signature';
import type { TaskManifest } from '@sotto/protocol/task';

export interface PlanTerms {
  readonly key: RoundKey;
  readonly config: RunConfig;
  readonly task: TaskManifest;
  readonly parameters: number;
  /** How large updates were in the run's last published round. */
  readonly scale: UpdateScale | null;
  /** Hash of the model to start from. */
  readonly model: string;
  /** Which published round of the run this one would be, counted from 1. */
  readonly turn: number;
  /** Hash of the run's previous transcript. */
  readonly previous: string | null;
}

const FIRST = { round: 1, group: 0, scale: null };

/** The plan for the members that gave a key; deadlines count from `now`. */
export function makePlan(
  { setup, members }: Planning,
  { key, config, task, parameters, model, turn, previous, scale }: PlanTerms,
  certificates: ReadonlyMap<string, Certificate>,
  now: number,
): Plan {
  const encoding = encodingFor(config, task, parameters, setup.nMax, { ...key, scale });
  if (isRejection(encoding)) throw new InvariantError(`a run was made that has no encoding: ${encoding.message}`);
  const { uploadMs, checkMs, voteMs, openMs } = setup.durations;
  const upload = now + uploadMs;
  const check = upload + checkMs;
  const vote = check + voteMs;
  return {
    version: 1,
    ...key,
    model,
    training: localTraining(task.training, config, turn),
    encoding,
    noise: noiseFor(config, encoding),
    committee: {
      choice: config.committee,
      threshold: leastThreshold(members.length),
      members: members.map((member) => ({
        key: member.key,
        certificate: certificates.get(member.device) ?? null,
        oneTime: member.oneTime,
      })),
    },
    minimumCohort: setup.minimumCohort,
    deadlines: { upload, check, vote, open: vote + openMs },
    previous,
  };
}

/** The numbers of a run's plan, by default of its first. */
export function encodingFor(
  {
    lanes,
    bits,
    rotation,
    ranges,
    seed,
    dp,
    rounds,
  }: Pick<RunConfig, 'lanes' | 'bits' | 'rotation' | 'ranges' | 'seed' | 'dp' | 'rounds'>,
  { privacy }: Pick<TaskManifest, 'privacy'>,
  parameters: number,
  nMax: number,
  at: { readonly round: number; readonly group: number; readonly scale: UpdateScale | null } = FIRST,
): ReturnType<typeof chooseEncoding> {
  return chooseEncoding(PROFILES, {
    ...privacy,
    clip: dp?.clip ?? privacy.clip,
    parameters,
    nMax,
    lanes,
    bits,
    rotation,
    rotationSeed: rotationSeed(seed, at),
    scale: ranges === 'adaptive' ? at.scale : null,
    calibration: dp && calibrate(dp, rounds),
  });
}

/** The noise of a plan with these numbers; null in a run without. */
export function noiseFor({ dp, rounds }: Pick<RunConfig, 'dp' | 'rounds'>, encoding: Encoding): Noise | null {
  return dp && calibrate(dp, rounds).noiseFor(encoding);
}

export async function signPlan(signer: Signer, plan: Plan): Promise<{ hash: string; signed: SignedPlan }> {
  const hash = planHash(plan);
  return { hash, signed: { plan, signature: await signer.sign(planString(hash)) } };
}
