import { type Rejection, reject } from '@sotto/protocol/rejection';
import { z } from 'zod';
import { type Route, route } from './route.ts';

export interface OperationsPorts {
  /** What is in the way of working; empty: nothing is. */
  readonly problems: () => Promise<readonly string[]>;
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly backUp: () => Promise<{ readonly folder: string } | Rejection>;
}

/** What machines ask that look after this one. */
export function operationsRoutes({ problems, metrics, backUp }: OperationsPorts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/healthz',
      summary: 'Whether the process lives',
      role: 'public',
      anyHost: true,
      answer: z.strictObject({ ok: z.literal(true) }),
      cache: 'never',
      handle: () => ({ ok: true }) as const,
    }),
    route({
      method: 'GET',
      path: '/readyz',
      summary: 'Whether it can work: database and files answer, and it is not stopping; otherwise 503 and why',
      role: 'public',
      anyHost: true,
      answer: z.strictObject({ ok: z.literal(true) }),
      cache: 'never',
      async handle() {
        const found = await problems();
        return found.length === 0 ? ({ ok: true } as const) : reject('not_ready', `Not ready: ${found.join(', ')}.`);
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Metrics for Prometheus',
      role: 'collector',
      answer: 'text',
      cache: 'never',
      handle: () => metrics(),
    }),
    route({
      method: 'POST',
      path: '/api/admin/backups',
      summary: 'Make a copy of the data folder inside it, in the folder that is answered (SQLite only)',
      role: 'admin',
      answer: z.strictObject({ folder: z.string() }),
      status: 201,
      audit: { action: 'make backup', detail: (_given, made) => made },
      handle: () => backUp(),
    }),
  ];
}
