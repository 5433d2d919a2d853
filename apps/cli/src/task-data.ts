import { join } from 'node:path';
import type { Coordinator } from '@sotto/coordinator/main';
import type { Task } from '@sotto/coordinator/tasks/tasks';
import { openDataSource } from '@sotto/learner/data-source.node';
import { type Dataset, datasetSize, pickExamples, sliceDataset } from '@sotto/learner/dataset';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { type Shard, shardIndices } from '@sotto/learner/shard';
import { isRejection } from '@sotto/protocol/rejection';
import { TaskManifest } from '@sotto/protocol/task';
import type { TaskView } from '@sotto/protocol/views';
import type { CoordinatorApi } from './coordinator-api.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';

/** So that the devices of one file deal it alike. */
const OWN_SEED = 1;

/** @throws Failure when there is no such task */
export function findTask(tasks: ReadonlyMap<string, Task>, name: string): Task {
  const task = tasks.get(name);
  if (task) return task;
  throw new Failure(
    `There is no task ${name}. Known tasks: ${[...tasks.keys()].join(', ')}. SOTTO_TASKS_DIR may name a folder of more.`,
  );
}

/** The training data of a task of a coordinator in this process, dealt to so many. @throws Failure when there is no such task */
export function dealTask(coordinator: Coordinator, name: string, count: number, by: Shard['by']): Dataset[] {
  const task = findTask(coordinator.tasks, name);
  return Array.from({ length: count }, (_, index) => task.data.train({ index, count, by }));
}

/** A shard of the task folder on this machine. @throws Failure, or TrainingError naming the file */
export function readTaskFolder(folder: string, name: string, shard: Shard, limit: number | undefined): Dataset {
  const path = join(folder, 'task.json');
  const manifest = readJson(path, 'a task’s manifest', TaskManifest);
  if (manifest.id !== name)
    throw new Failure(`${path} is the task ${manifest.id}, not ${name}. Change --data or --task.`);
  return openDataSource(folder, manifest).train(shard, limit);
}

/** A shard of examples that were not dealt yet, such as a device's own. */
export function dealPart(all: Dataset, shard: Shard, limit: number | undefined): Dataset {
  const part = shard.count === 1 ? all : pickExamples(all, shardIndices(all.labels, shard, OWN_SEED));
  return limit === undefined ? part : sliceDataset(part, 0, Math.min(limit, datasetSize(part)));
}

/** The same shard of the sample data that the coordinator hands out. */
export async function fetchSample(
  api: CoordinatorApi,
  { task, sampleExamples }: TaskView,
  { index, count, by }: Shard,
  limit: number | undefined,
): Promise<Dataset> {
  if (sampleExamples === 0)
    throw new Failure(`The coordinator has no sample data for ${task.id}. Bring your own with --data.`);
  const query = new URLSearchParams({ index: String(index), count: String(count), by });
  if (limit !== undefined) query.set('limit', String(limit));
  const dataset = decodeDataset(await api.bytes(`/api/tasks/${task.id}/sample?${query}`), task.classes.length);
  if (isRejection(dataset)) throw new Failure(`The coordinator's sample data cannot be used. ${dataset.message}`);
  return dataset;
}
