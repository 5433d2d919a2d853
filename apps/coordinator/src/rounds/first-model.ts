import { createHash } from 'node:crypto';
import { architectureHash, architectureOf } from '@sotto/protocol/model-file';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { RunConfig, RunSummary } from '@sotto/protocol/run';
import { modelBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { versionsOf } from '../models/versions.ts';
import type { Task } from '../tasks/tasks.ts';
import type { RoundPorts } from './round-ports.ts';

export interface FirstModelPorts extends Pick<RoundPorts, 'evaluate'> {
  readonly blobs: Pick<Blobs, 'read' | 'write'>;
  /** The model file that the task has, or else that seed and topology give. */
  readonly makeInitialModel: (task: Pick<Task, 'topology' | 'weights'>, seed: number) => Promise<Uint8Array>;
}

/**
 * What a run begins with, evaluated: the task's own weights or ones drawn from its seed, or the version that it is to go on from.
 * @param runs  of the task, oldest first
 */
export async function firstModel(
  ports: FirstModelPorts,
  task: Task,
  config: Pick<RunConfig, 'seed' | 'startFrom'>,
  runs: readonly RunSummary[],
): Promise<RunSummary['initial'] | Rejection<'bad_config'>> {
  const start =
    config.startFrom === undefined
      ? await draw(ports, task, config.seed)
      : await goOn(ports, task, config.startFrom, runs);
  if (isRejection(start)) return start;
  const { accuracy, loss } = await ports.evaluate(task.manifest.id, modelBlob(start.model));
  return { ...start, testAccuracy: accuracy, testLoss: loss };
}

type Start = Pick<RunSummary['initial'], 'model' | 'from'>;

async function draw({ blobs, makeInitialModel }: FirstModelPorts, task: Task, seed: number): Promise<Start> {
  const bytes = await makeInitialModel(task, seed);
  const model = createHash('sha256').update(bytes).digest('hex');
  await blobs.write(modelBlob(model), bytes);
  return { model };
}

async function goOn(
  { blobs }: FirstModelPorts,
  { manifest, topology }: Task,
  model: string,
  runs: readonly RunSummary[],
): Promise<Start | Rejection<'bad_config'>> {
  const bad = (what: string) => reject('bad_config', `startFrom: ${what}`);
  const made = versionsOf(runs).find((version) => version.model === model);
  if (!made) return bad(`the task ${manifest.id} has no model ${model}. Choose one that a run of it made.`);
  const bytes = await blobs.read(modelBlob(model));
  if (!bytes) return bad(`the file of model ${model} is no longer there. Restore it from a backup, or choose another.`);
  if (architectureOf(bytes) !== architectureHash(topology))
    return bad(
      `model ${model} has another architecture than the task has now. Choose one that was made since the task changed.`,
    );
  return { model, from: { run: made.run, round: made.round } };
}
