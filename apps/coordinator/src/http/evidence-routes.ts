import { Readable } from 'node:stream';
import { EvidenceQuery, MetricsFormat } from '@sotto/protocol/admin/evidence';
import { Slug } from '@sotto/protocol/ids';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { z } from 'zod';
import { collectEvidence } from '../evidence/evidence.ts';
import { runAsCsv, runAsJsonLines } from '../metrics-out/tables.ts';
import { runAsEvents } from '../metrics-out/tensorboard.ts';
import type { PublicPorts } from './public-routes.ts';
import { type Route, route } from './route.ts';

export type EvidencePorts = Pick<PublicPorts, 'runs' | 'store' | 'blobs' | 'coordinator' | 'studyKey'>;

const Run = z.strictObject({ run: Slug });
/** Whoever reads nothing for so long is gone. */
const STALLED_MS = 60_000;

const WRITERS: Readonly<Record<MetricsFormat, (run: RunSummary) => Uint8Array>> = {
  csv: (run) => encodeUtf8(runAsCsv(run)),
  jsonl: (run) => encodeUtf8(runAsJsonLines(run)),
  tensorboard: runAsEvents,
};

/** What a run leaves for others: what shows that it was done as promised, and its numbers. */
export function evidenceRoutes(ports: EvidencePorts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/admin/runs/:run/evidence',
      summary: 'The records of a run’s published rounds as one file, which `sotto verify` checks without a server',
      role: 'viewer',
      params: Run,
      query: EvidenceQuery,
      answer: 'bytes',
      cache: 'never',
      async handle({ params, query, reply }) {
        const archive = await collectEvidence(ports, params.run, query);
        if (archive === undefined || isRejection(archive)) return archive;
        reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
        return Readable.from(archive, { objectMode: false });
      },
    }),
    route({
      method: 'GET',
      path: '/api/admin/runs/:run/metrics',
      summary: 'A run’s numbers, round by round: as CSV, lines of JSON, or an event file of TensorBoard',
      role: 'viewer',
      params: Run,
      query: z.strictObject({ format: MetricsFormat }),
      answer: 'bytes',
      cache: 'never',
      handle({ params, query }) {
        const run = ports.runs.get(params.run);
        return run && WRITERS[query.format](run);
      },
    }),
  ];
}
