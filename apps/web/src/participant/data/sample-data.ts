import type { Dataset } from '@sotto/learner/dataset';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { requestBytes } from '../../api/request.ts';
import type { PageOptions } from '../page-options.ts';

/** Examples one device gets: enough to learn something within seconds on a phone. */
const MODEST = 800;
/** With little data there are still enough parts for several devices to differ. */
const LEAST_PARTS = 10;

/** Which part of the sample data to ask for. `chance` is in [0, 1). */
export function chooseShard(options: PageOptions, examples: number, chance: number): { index: number; count: number } {
  if (options.shard) return options.shard;
  const count = Math.max(1, Math.min(examples, Math.max(LEAST_PARTS, Math.round(examples / MODEST))));
  return { index: Math.floor(chance * count), count };
}

/** @throws RequestError */
export async function fetchSample(
  { task, sampleExamples }: TaskView,
  options: PageOptions,
): Promise<Dataset | Rejection> {
  const { index, count } = chooseShard(options, sampleExamples, Math.random());
  const query = new URLSearchParams({ index: String(index), count: String(count), by: options.by });
  if (options.limit !== null) query.set('limit', String(options.limit));
  const bytes = await requestBytes(`/api/tasks/${task.id}/sample?${query}`);
  const dataset = decodeDataset(bytes, task.classes.length);
  return isRejection(dataset) ? (dataset as Rejection) : (dataset as Dataset);
}
