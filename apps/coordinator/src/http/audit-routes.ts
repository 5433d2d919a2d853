import { AuditPage } from '@sotto/protocol/views';
import { z } from 'zod';
import { type Route, route } from './route.ts';
import type { ViewPorts } from './views.ts';

export type AuditPorts = Pick<ViewPorts, 'store'>;

const Page = z.strictObject({
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
      handle: async ({ query: { most, before } }) => ({ entries: await store.auditEntries(most, before) }),
    }),
  ];
}
