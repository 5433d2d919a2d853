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

/** One of so many parts of the sample data, counted from 0. */
export interface SamplePart {
  readonly index: number;
  readonly count: number;
}

/** Datasets know nothing of where they came from; a reload wants to fetch the same part again. */
const parts = new WeakMap<Dataset, SamplePart>();

/** Which part of the sample data these examples are; undefined: they are something else. */
export function samplePartOf(data: Dataset): SamplePart | undefined {
  return parts.get(data);
}

/** Which part of the sample data to ask for. `chance` is in [0, 1). */
export function chooseShard(options: PageOptions, examples: number, chance: number): SamplePart {
  if (options.shard) return options.shard;
  const count = Math.max(1, Math.min(examples, Math.max(LEAST_PARTS, Math.round(examples / MODEST))));
  return { index: Math.floor(chance * count), count };
}

/** @throws RequestError */
export async function fetchSample(
  { task, sampleExamples }: TaskView,
  options: PageOptions,
  part = chooseShard(options, sampleExamples, Math.random()),
): Promise<Dataset | Rejection> {
  const query = new URLSearchParams({ index: String(part.index), count: String(part.count), by: options.by });
  if (options.limit !== null) query.set('limit', String(options.limit));
  const bytes = await requestBytes(`/api/tasks/${task.id}/sample?${query}`);
  const dataset = decodeDataset(bytes, task.classes.length);
  if (isRejection(dataset)) return dataset as Rejection;
  parts.set(dataset as Dataset, part);
  return dataset as Dataset;
}
