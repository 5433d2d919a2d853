import { chooseEncoding } from '@sotto/fl-core/encoding';
import type { Planning } from '@sotto/fl-core/round/round';
import { PROFILES } from '@sotto/he-core/params';
import type { Certificate } from '@sotto/protocol/certificate';
import type { RoundKey } from '@sotto/protocol/ids';
import { leastThreshold, type Plan, planHash, planString, type SignedPlan } from '@sotto/protocol/plan';
import { InvariantError, isRejection } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import type { Signer } from '@sotto/protocol/signature';
import type { TaskManifest } from '@sotto/protocol/task';

export interface PlanTerms {
  readonly key: RoundKey;
  readonly config: RunConfig;
  readonly task: TaskManifest;
  readonly parameters: number;
  /** Hash of the model to start from. */
  readonly model: string;
  /** Hash of the run's previous transcript. */
  readonly previous: string | null;
}

/** The plan for the members that gave a key; deadlines count from `now`. */
export function makePlan(
  { setup, members }: Planning,
  { key, config, task, parameters, model, previous }: PlanTerms,
  certificates: ReadonlyMap<string, Certificate>,
  now: number,
): Plan {
  const encoding = encodingFor(config, task, parameters, setup.nMax);
  if (isRejection(encoding)) throw new InvariantError(`a run was made that has no encoding: ${encoding.message}`);
  const { uploadMs, checkMs, voteMs, openMs } = setup.durations;
  const upload = now + uploadMs;
  const check = upload + checkMs;
  const vote = check + voteMs;
  return {
    version: 1,
    ...key,
    model,
    training: task.training,
    encoding,
    noise: null,
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

export function encodingFor(
  { lanes }: Pick<RunConfig, 'lanes'>,
  { privacy }: Pick<TaskManifest, 'privacy'>,
  parameters: number,
  nMax: number,
): ReturnType<typeof chooseEncoding> {
  const { range, clip, exampleCap } = privacy;
  return chooseEncoding(PROFILES, { parameters, nMax, lanes, range, clip, exampleCap });
}

export async function signPlan(signer: Signer, plan: Plan): Promise<{ hash: string; signed: SignedPlan }> {
  const hash = planHash(plan);
  return { hash, signed: { plan, signature: await signer.sign(planString(hash)) } };
}
