import { finished } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Hash, Slug } from '@sotto/protocol/ids';
import { SignedPlan } from '@sotto/protocol/plan';
import { isRejection, reject } from '@sotto/protocol/rejection';
import { RunSummary } from '@sotto/protocol/run';
import { Transcript } from '@sotto/protocol/transcript';
import { TaskList, TaskView } from '@sotto/protocol/views';
import { z } from 'zod';
import { modelBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Samples } from '../tasks/samples.ts';
import { acceptsGzip } from './accept-encoding.ts';
import { type Route, route } from './route.ts';
import { taskList, taskView, type ViewPorts } from './views.ts';

export interface PublicPorts extends ViewPorts {
  readonly blobs: Blobs;
  readonly samples: Samples;
}

const number = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const SampleQuery = z
  .strictObject({
    index: number(0, 999_999).default(0),
    count: number(1, 1_000_000).default(1),
    by: z.enum(['iid', 'label']).default('iid'),
    limit: number(1, 1_000_000).optional(),
  })
  .refine(({ index, count }) => index < count, { path: ['index'], error: 'shards are counted from 0 to count − 1' });

const STALLED_MS = 60_000;

const byId = z.strictObject({ id: Slug });
const byHash = z.strictObject({ hash: Hash });

/** What everybody may read: tasks, sample data, and the public record of rounds. */
export function publicRoutes(ports: PublicPorts): Route[] {
  const { tasks, runs, store, blobs, samples } = ports;

  return [
    route({
      method: 'GET',
      path: '/api/tasks',
      summary: 'The tasks, and where each stands',
      role: 'public',
      answer: TaskList,
      handle: () => taskList(ports),
    }),
    route({
      method: 'GET',
      path: '/api/tasks/:id',
      summary: 'One task: manifest, data card, topology, status and latest run',
      role: 'public',
      params: byId,
      answer: TaskView,
      handle({ params: { id } }) {
        const task = tasks.get(id);
        return task ? taskView(ports, task) : undefined;
      },
    }),
    route({
      method: 'GET',
      path: '/api/tasks/:id/sample',
      summary: 'A share of the training examples, as a data set file',
      role: 'public',
      params: byId,
      query: SampleQuery,
      answer: 'bytes',
      async handle({ params: { id }, query: { index, count, by, limit }, request, reply }) {
        const task = tasks.get(id);
        if (!task) return undefined;
        if (task.data.trainSize === 0)
          return reject('no_sample_data', `Task ${id} comes without sample data: bring examples of your own.`);
        const pieces = by === 'iid' ? count : 2 * count;
        if (pieces > task.data.trainSize)
          return reject('bad_message', `count: ${task.data.trainSize} examples cannot be dealt to ${count}.`);
        // Training examples only: whoever learned from the held-out ones would be graded on what it knows.
        const sample = await samples.take({ task, shard: { index, count, by }, limit });
        if (isRejection(sample)) return sample;
        finished(reply.raw, sample.release);
        // Whoever reads nothing for so long holds up others.
        reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
        reply.header('vary', 'accept-encoding');
        if (acceptsGzip(request.headers['accept-encoding'])) {
          reply.header('content-encoding', 'gzip');
          return sample.bytes;
        }
        // Only as fast as it is read: unzipped at once, it would be a copy for each reader, which nothing bounds.
        const unzipped = createGunzip();
        finished(reply.raw, () => unzipped.destroy());
        unzipped.end(sample.bytes);
        return unzipped;
      },
    }),
    route({
      method: 'GET',
      path: '/api/plans/:hash',
      summary: 'A signed plan, by the hash of its canonical JSON',
      role: 'public',
      params: byHash,
      answer: SignedPlan,
      cache: 'forever',
      handle: ({ params }) => store.plan(params.hash),
    }),
    route({
      method: 'GET',
      path: '/api/transcripts/:hash',
      summary: 'The public record of a published round',
      role: 'public',
      params: byHash,
      answer: Transcript,
      cache: 'forever',
      handle: ({ params }) => store.transcript(params.hash),
    }),
    route({
      method: 'GET',
      path: '/api/models/:hash',
      summary: 'A model file, by the hash of its bytes',
      role: 'public',
      params: byHash,
      answer: 'bytes',
      cache: 'forever',
      handle: ({ params }) => blobs.read(modelBlob(params.hash)),
    }),
    route({
      method: 'GET',
      path: '/api/runs/:run',
      summary: 'A run and its rounds',
      role: 'public',
      params: z.strictObject({ run: Slug }),
      answer: RunSummary,
      handle: ({ params }) => runs.get(params.run),
    }),
  ];
}
