import { parentPort, workerData } from 'node:worker_threads';
import { type DataSource, openDataSource } from '@sotto/learner/data-source.node';
import { encodeDataset } from '@sotto/learner/dataset-file';
import type { SampleRequest } from './samples.ts';
import type { Task } from './tasks.ts';

const sources = new Map<string, DataSource>();
for (const [id, { folder, manifest }] of workerData as ReadonlyMap<string, Pick<Task, 'folder' | 'manifest'>>)
  sources.set(id, openDataSource(folder, manifest));

parentPort!.on('message', ({ task, shard, limit }: SampleRequest) => {
  const bytes = encodeDataset(sources.get(task)!.train(shard, limit));
  parentPort!.postMessage(bytes, [bytes.buffer]);
});
