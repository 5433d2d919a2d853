import { InviteCode, TaskAdmission } from '@sotto/protocol/admission';
import { DeviceId, Hash, Slug, Time } from '@sotto/protocol/ids';
import { DONE, Done } from '@sotto/protocol/messages';
import { reject } from '@sotto/protocol/rejection';
import { AdmissionView, InviteView } from '@sotto/protocol/views';
import { z } from 'zod';
import type { AdminHints } from '../rounds/admin-hints.ts';
import { type Route, route } from './route.ts';
import type { ViewPorts } from './views.ts';

export interface AdmissionPorts extends Pick<ViewPorts, 'door' | 'tasks' | 'now'> {
  /** Something the admin pages show has changed. */
  readonly changed: AdminHints['changed'];
}

const InviteRequest = z.strictObject({
  task: Slug,
  /** For the admin alone: whom it is for. */
  label: z.string().max(200).default(''),
  uses: z.number().int().min(1).max(100_000).default(1),
  expiry: Time.nullable().default(null),
});
const Decision = z.strictObject({
  /** Null: every task there is or will be. */
  task: Slug.nullable(),
  device: DeviceId,
  verdict: z.enum(['admitted', 'revoked']),
});

/** Who is let in to a task: how it admits, codes for links, and one device or another. */
export function admissionRoutes({ door, tasks, now, changed }: AdmissionPorts): Route[] {
  const unknown = (task: string) => reject('unknown_task', `There is no task ${task}.`);
  return [
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/admission',
      summary: 'How a task admits devices, and its invite codes by their digests',
      role: 'viewer',
      params: z.strictObject({ task: Slug }),
      answer: AdmissionView,
      cache: 'never',
      handle: ({ params: { task } }) => (tasks.has(task) ? door.view(task) : unknown(task)),
    }),
    route({
      method: 'PUT',
      path: '/api/admin/tasks/:task/admission',
      summary: 'Choose how a task admits devices; holds at once, also for those that are connected',
      role: 'admin',
      params: z.strictObject({ task: Slug }),
      body: z.strictObject({ admission: TaskAdmission }),
      answer: Done,
      audit: { action: 'choose admission', detail: ({ params, body }) => ({ ...params, ...body }) },
      async handle({ params: { task }, body: { admission } }) {
        if (!tasks.has(task)) return unknown(task);
        const refused = await door.choose(task, admission);
        if (refused) return refused;
        changed('tasks', task);
        changed('devices', task);
        return DONE;
      },
    }),
    route({
      method: 'POST',
      path: '/api/admin/invites',
      summary: 'Make an invite code; it is in this answer and nowhere else',
      role: 'admin',
      body: InviteRequest,
      answer: InviteView.extend({ code: InviteCode }),
      status: 201,
      audit: {
        action: 'make invite',
        detail: ({ body }, { invite }) => ({ ...body, invite }),
      },
      async handle({ body }) {
        if (!tasks.has(body.task)) return unknown(body.task);
        if (body.expiry !== null && body.expiry <= now())
          return reject('bad_config', 'expiry: this time is already over.');
        const invite = await door.invite(body);
        changed('tasks', body.task);
        return invite;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/admin/invites/:invite',
      summary: 'Revoke an invite code, and with devices=true every device it let in',
      role: 'admin',
      params: z.strictObject({ invite: Hash }),
      query: z.strictObject({ devices: z.enum(['true', 'false']).default('false') }),
      answer: z.strictObject({ devices: z.number().int() }),
      audit: {
        action: 'revoke invite',
        detail: ({ params: { invite } }, { devices }) => ({ invite, devices }),
      },
      async handle({ params, query }) {
        const devices = await door.revokeInvite(params.invite, query.devices === 'true');
        if (devices === undefined) return undefined;
        changed('tasks');
        changed('devices');
        return { devices };
      },
    }),
    route({
      method: 'POST',
      path: '/api/admin/verdicts',
      summary: 'Let a device in to a task, or shut it out of one or of all; holds at once',
      role: 'admin',
      body: Decision,
      answer: Done,
      audit: { action: 'decide on device', detail: ({ body }) => body },
      async handle({ body: { task, device, verdict } }) {
        if (task !== null && !tasks.has(task)) return unknown(task);
        if (verdict === 'revoked') await door.revoke(task, device);
        else if (task === null) return reject('bad_message', 'task: a device is let in to one task at a time.');
        else await door.approve(task, device);
        changed('devices', task ?? undefined);
        return DONE;
      },
    }),
  ];
}
