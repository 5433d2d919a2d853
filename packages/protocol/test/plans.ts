import { signOneTimeKey } from '../src/one-time-key.ts';
import type { Plan } from '../src/plan.ts';
import type { Signer } from '../src/signature.ts';

export const HOUR = 3_600_000;
export const NOW = 1_760_000_000_000;

/** A plan that keeps every rule of the schema. */
export async function createPlan(coordinator: string, members: readonly Signer[]): Promise<Plan> {
  const round = { coordinator, task: 'digits', run: 'run-1', round: 7, group: 0 };
  return {
    version: 1,
    ...round,
    model: 'ab'.repeat(32),
    training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 10 },
    encoding: {
      profile: 'n47',
      nMax: 10,
      lanes: 2,
      lambda: 104_857,
      ranges: [{ size: 10, range: 0.5 }],
      clip: 3,
      exampleCap: 600,
      metadata: [{ name: 'examples', bound: 600 }],
    },
    noise: null,
    committee: {
      threshold: 3,
      members: await Promise.all(
        members.map(async (member, i) => ({
          key: member.publicKey,
          certificate: null,
          oneTime: await signOneTimeKey(member, round, `${10 + i}`.repeat(32), NOW + HOUR),
        })),
      ),
    },
    minimumCohort: 3,
    deadlines: { upload: NOW + 1, check: NOW + 2, vote: NOW + 3, open: NOW + 4 },
    previous: null,
  };
}
