import { CommitteeView, DeviceName, DevicePage, DeviceQuery } from '@sotto/protocol/admin/devices';
import { DeviceId, Slug } from '@sotto/protocol/ids';
import { DONE, Done } from '@sotto/protocol/messages';
import { z } from 'zod';
import { deviceEntries } from '../devices/entries.ts';
import { pageOf } from '../devices/page.ts';
import type { AdminHints } from '../rounds/admin-hints.ts';
import { type Route, route } from './route.ts';
import type { ViewPorts } from './views.ts';

export interface DevicesPorts
  extends Pick<ViewPorts, 'tasks' | 'runs' | 'store' | 'sessions' | 'studyKey' | 'now' | 'localDevices'> {
  readonly changed: AdminHints['changed'];
}

const OfTask = z.strictObject({ task: Slug });

/** Who takes part in a task, and who sits on its committee. */
export function devicesRoutes(ports: DevicesPorts): Route[] {
  const { tasks, runs, store, now, changed } = ports;
  return [
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/devices',
      summary: 'The devices of a task: searched, filtered, sorted, a page of them',
      role: 'viewer',
      params: OfTask,
      query: DeviceQuery,
      answer: DevicePage,
      cache: 'never',
      async handle({ params: { task }, query }) {
        if (!tasks.has(task)) return undefined;
        const admission = (await store.admissionOf(task)) ?? 'open';
        return { admission, ...pageOf(await deviceEntries(ports, task), query, now()) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/committee',
      summary: 'Who may sit on the committee of a task by certificate, and how its latest run chooses',
      role: 'viewer',
      params: OfTask,
      answer: CommitteeView,
      cache: 'never',
      async handle({ params: { task } }) {
        if (!tasks.has(task)) return undefined;
        const isMember = ({ role }: { readonly role: string }) => role === 'member';
        const devices = await deviceEntries(ports, task);
        return {
          task,
          choice: runs.latest(task)?.config.committee ?? null,
          members: devices.filter(({ certificates }) => certificates.some(isMember)),
        };
      },
    }),
    route({
      method: 'PUT',
      path: '/api/admin/devices/:device',
      summary: 'Say what people call a device and whose it is, in every task; empty for nothing',
      role: 'admin',
      params: z.strictObject({ device: DeviceId }),
      body: DeviceName,
      answer: Done,
      audit: { action: 'name device', detail: ({ params, body }) => ({ ...params, ...body }) },
      async handle({ params: { device }, body }) {
        await store.nameDevice(device, body);
        changed('devices');
        return DONE;
      },
    }),
  ];
}
