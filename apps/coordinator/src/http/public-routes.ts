import { finished } from 'node:stream';
import { Hash } from '@sotto/protocol/ids';
import { isRejection, reject } from '@sotto/protocol/rejection';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { modelBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Samples } from '../tasks/samples.ts';
import { parse, refuse } from './refusal.ts';
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

/** Named by their own digest, so they never change. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** What everybody may read: tasks, sample data, and the public record of rounds. */
export function addPublicRoutes(app: FastifyInstance, ports: PublicPorts): void {
  const { tasks, runs, store, blobs, samples } = ports;
  const missing = (what: string) => reject('not_found', `There is no ${what} here. Check the address.`);

  app.get('/api/health', () => ({ ok: true }));

  app.get('/api/tasks', () => taskList(ports));

  app.get<{ Params: { id: string } }>('/api/tasks/:id', (request, reply) => {
    const task = tasks.get(request.params.id);
    return task ? taskView(ports, task) : refuse(reply, missing('such task'));
  });

  app.get<{ Params: { id: string } }>('/api/tasks/:id/sample', async (request, reply) => {
    const task = tasks.get(request.params.id);
    if (!task) return refuse(reply, missing('such task'));
    const query = parse(SampleQuery, request.query);
    if (isRejection(query)) return refuse(reply, query);
    const { index, count, by, limit } = query;
    const pieces = by === 'iid' ? count : 2 * count;
    if (pieces > task.data.trainSize)
      return refuse(
        reply,
        reject('bad_message', `count: ${task.data.trainSize} examples cannot be dealt to ${count}.`),
      );
    // Training examples only: whoever learned from the held-out ones would be graded on what it knows.
    const sample = await samples.take({ task: task.manifest.id, shard: { index, count, by }, limit });
    if (isRejection(sample)) return refuse(reply, sample);
    finished(reply.raw, sample.release);
    // Whoever reads nothing for so long holds up others.
    reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
    return reply.type('application/octet-stream').send(Buffer.from(sample.bytes.buffer));
  });

  app.get<{ Params: { hash: string } }>('/api/plans/:hash', async (request, reply) => {
    const plan = await store.plan(request.params.hash);
    return plan ? reply.header('cache-control', IMMUTABLE).send(plan) : refuse(reply, missing('such plan'));
  });

  app.get<{ Params: { hash: string } }>('/api/transcripts/:hash', async (request, reply) => {
    const transcript = await store.transcript(request.params.hash);
    return transcript
      ? reply.header('cache-control', IMMUTABLE).send(transcript)
      : refuse(reply, missing('such transcript'));
  });

  app.get<{ Params: { hash: string } }>('/api/models/:hash', async (request, reply) => {
    const { hash } = request.params;
    const bytes = Hash.safeParse(hash).success ? await blobs.read(modelBlob(hash)) : undefined;
    if (!bytes) return refuse(reply, missing('such model'));
    // A download without a name: one here would win over the link's, which says task, run and round.
    return reply
      .header('cache-control', IMMUTABLE)
      .header('content-disposition', 'attachment')
      .type('application/octet-stream')
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  app.get<{ Params: { run: string } }>('/api/runs/:run', (request, reply) => {
    return runs.get(request.params.run) ?? refuse(reply, missing('such run'));
  });
}
