import { Readable } from 'node:stream';
import { AuditFilter, AuditNames } from '@sotto/protocol/admin/evidence';
import { AuditPage } from '@sotto/protocol/views';
import { z } from 'zod';
import { auditLines } from '../audit-export.ts';
import { type Route, route } from './route.ts';
import type { ViewPorts } from './views.ts';

export type AuditPorts = Pick<ViewPorts, 'store'>;

const Page = AuditFilter.extend({
  most: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().min(1).optional(),
});

export function auditRoutes({ store }: AuditPorts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/admin/audit',
      summary: 'Who did what and when, the newest first; `before` an entry for the next page',
      role: 'viewer',
      query: Page,
      answer: AuditPage,
      cache: 'never',
      handle: async ({ query: { most, before, ...filter } }) => ({
        entries: await store.auditEntries(most, before, filter),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/admin/audit/names',
      summary: 'Whom and what the audit log has entries of',
      role: 'viewer',
      answer: AuditNames,
      cache: 'never',
      handle: () => store.auditNames(),
    }),
    route({
      method: 'GET',
      path: '/api/admin/audit/export',
      summary: 'Every entry of the audit log that fits, the newest first, as CSV or lines of JSON',
      role: 'viewer',
      query: AuditFilter.extend({ format: z.enum(['csv', 'jsonl']) }),
      answer: 'bytes',
      cache: 'never',
      handle: ({ query: { format, ...filter } }) => Readable.from(auditLines(store, filter, format)),
    }),
  ];
}
