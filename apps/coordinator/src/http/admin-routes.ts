import { AdminView } from '@sotto/protocol/admin/overview';
import { Certificate, checkCertificate } from '@sotto/protocol/certificate';
import { Slug } from '@sotto/protocol/ids';
import { DONE, Done } from '@sotto/protocol/messages';
import { reject } from '@sotto/protocol/rejection';
import { z } from 'zod';
import type { Desk } from '../desk/desk.ts';
import type { AdminHints } from '../rounds/admin-hints.ts';
import { GIVE_STUDY_KEY } from '../study-key.ts';
import { adminView } from './admin-view.ts';
import type { LocalDevices } from './local-devices.ts';
import { type Route, route } from './route.ts';
import type { ViewPorts } from './views.ts';

export interface AdminPorts extends ViewPorts {
  readonly devices: LocalDevices;
  readonly desk: Pick<Desk, 'review'>;
  /** Something the admin pages show has changed. */
  readonly changed: AdminHints['changed'];
}

const StartDevices = z.strictObject({
  task: Slug,
  count: z.number().int().min(1).max(64),
  /** How the training data are dealt to them. */
  shard: z.enum(['iid', 'label']).default('iid'),
});
/** For as long as processes may take to start. */
const LOCAL_INVITE_MS = 10 * 60_000;

/** What whoever runs the study may do, signed in by cookie. Every action is written into the audit log. */
export function adminRoutes(ports: AdminPorts): Route[] {
  const { desk, door, devices, runs, store, tasks, now } = ports;

  /** Whoever may start devices may also approve of them. */
  async function inviteFor({ task, count }: z.infer<typeof StartDevices>): Promise<string | null> {
    const { admission } = await door.view(task);
    if (admission !== 'invite' && admission !== 'approval') return null;
    const label = 'devices on the coordinator’s machine';
    return (await door.invite({ task, label, uses: count, expiry: now() + LOCAL_INVITE_MS })).code;
  }

  return [
    route({
      method: 'GET',
      path: '/api/admin',
      summary: 'What every page of the dashboard shows something of: the coordinator, and how its tasks stand',
      role: 'viewer',
      answer: AdminView,
      cache: 'never',
      handle: () => adminView(ports),
    }),
    route({
      method: 'POST',
      path: '/api/admin/devices',
      summary: 'Start headless participants on the coordinator’s own machine',
      role: 'admin',
      body: StartDevices,
      answer: Done,
      status: 201,
      audit: { action: 'start devices', detail: ({ body }) => body },
      async handle({ body }) {
        const task = tasks.get(body.task);
        if (!task || task.archived) return reject('unknown_task', `There is no task ${body.task}.`);
        if (task.data.trainSize === 0)
          return reject('no_sample_data', `Task ${body.task} comes without sample data for devices to learn from.`);
        const refused = await devices.start({ ...body, invite: await inviteFor(body) });
        if (refused) return refused;
        ports.changed('devices', body.task);
        return DONE;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/admin/devices',
      summary: 'Stop the participants that were started here',
      role: 'admin',
      answer: Done,
      audit: { action: 'stop devices', detail: () => ({}) },
      async handle() {
        await devices.stop();
        ports.changed('devices');
        return DONE;
      },
    }),
    route({
      method: 'POST',
      path: '/api/admin/certificates',
      summary: 'Keep a certificate that the study key issued for a device',
      role: 'admin',
      body: Certificate,
      answer: Done,
      status: 201,
      audit: { action: 'keep certificate', detail: ({ body: { id, task, role } }) => ({ device: id, task, role }) },
      async handle({ body: certificate }) {
        const studyKey = ports.studyKey();
        if (studyKey === null) return reject('bad_config', `No study key is set. ${GIVE_STUDY_KEY}`);
        const { key, task, role } = certificate;
        const refused = await checkCertificate(certificate, { studyKey, key, task, role, now: now() });
        if (refused) return refused;
        await store.keepCertificate(certificate, studyKey);
        await desk.review(task, certificate.id);
        await runs.reconsider(task);
        ports.changed('devices', task);
        return DONE;
      },
    }),
  ];
}
