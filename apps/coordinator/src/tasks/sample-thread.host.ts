import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { type DataSource, openDataSource } from '@sotto/learner/data-source.node';
import { encodeDataset } from '@sotto/learner/dataset-file';
import type { SampleRequest } from './samples.ts';
import type { Task } from './tasks.ts';

const sources = new Map<string, DataSource>();
for (const [id, { folder, manifest }] of workerData as ReadonlyMap<string, Pick<Task, 'folder' | 'manifest'>>)
  sources.set(id, openDataSource(folder, manifest));

parentPort!.on('message', ({ task, shard, limit }: SampleRequest) => {
  // Pictures shrink to a fifth, texts to a twentieth: that is what people wait for on a slow line. More effort saves little more.
  const packed = gzipSync(encodeDataset(sources.get(task)!.train(shard, limit)), { level: 4 });
  const bytes = new Uint8Array(packed);
  parentPort!.postMessage(bytes, [bytes.buffer]);
});
