import { Certificate, checkCertificate } from '@sotto/protocol/certificate';
import { Slug } from '@sotto/protocol/ids';
import { DONE } from '@sotto/protocol/messages';
import { reject } from '@sotto/protocol/rejection';
import { RunSummary } from '@sotto/protocol/run';
import { AdminView } from '@sotto/protocol/views';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RunRequest } from '../rounds/run-config.ts';
import { ADMIN_COOKIE, type AdminSessions, cookieOf, SESSION_MS } from './admin-session.ts';
import type { LocalDevices } from './local-devices.ts';
import { type Route, route } from './route.ts';
import { adminView, type ViewPorts } from './views.ts';

export interface AdminPorts extends ViewPorts {
  readonly admins: AdminSessions;
  readonly devices: LocalDevices;
  /** Something the admin pages show has changed. */
  readonly changed: () => void;
  /** Whether browsers reach this coordinator over TLS. */
  readonly secure: () => boolean;
}

const SignIn = z.strictObject({ token: z.string().min(1).max(200) });
const StartDevices = z.strictObject({
  task: Slug,
  count: z.number().int().min(1).max(64),
  /** How the training data are dealt to them. */
  shard: z.enum(['iid', 'label']).default('iid'),
});
const Done = z.strictObject({ done: z.literal(true) });

/** What whoever runs the study may do, signed in by cookie. Every action is written into the audit log. */
export function adminRoutes(ports: AdminPorts): Route[] {
  const { admins, devices, runs, store, tasks, studyKey, now } = ports;

  const cookie = (value: string, maxAge: number) =>
    `${ADMIN_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${ports.secure() ? '; Secure' : ''}`;
  const cookieIn = (request: FastifyRequest) => cookieOf(request.headers.cookie, ADMIN_COOKIE);

  return [
    route({
      method: 'POST',
      path: '/api/admin/session',
      summary: 'Sign in with the one-time token',
      role: 'public',
      body: SignIn,
      answer: Done,
      audit: { action: 'sign in', detail: () => ({}) },
      async handle({ body, reply }) {
        const value = await admins.signIn(body.token);
        if (value === undefined)
          return reject(
            'wrong_token',
            'This token is wrong or was used before. Restart the coordinator for a new one.',
          );
        reply.header('set-cookie', cookie(value, SESSION_MS / 1000));
        return DONE;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/admin/session',
      summary: 'Sign out',
      role: 'viewer',
      answer: Done,
      audit: { action: 'sign out', detail: () => ({}) },
      async handle({ request, reply }) {
        await admins.signOut(cookieIn(request)!);
        reply.header('set-cookie', cookie('', 0));
        return DONE;
      },
    }),
    route({
      method: 'GET',
      path: '/api/admin',
      summary: 'Everything the admin pages show: tasks, runs, devices',
      role: 'viewer',
      answer: AdminView,
      cache: 'never',
      handle: () => adminView(ports),
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs',
      summary: 'Start a run; all but the task may be left out',
      role: 'admin',
      body: RunRequest,
      answer: RunSummary,
      status: 201,
      audit: { action: 'start run', detail: (_given, { run, config }) => ({ run, config }) },
      handle: ({ body }) => runs.create(body),
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs/:run/stop',
      summary: 'Stop a run for good',
      role: 'admin',
      params: z.strictObject({ run: Slug }),
      answer: RunSummary,
      audit: { action: 'stop run', detail: (_given, { run }) => ({ run }) },
      handle: ({ params }) => runs.stop(params.run),
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
        if (!tasks.has(body.task)) return reject('unknown_task', `There is no task ${body.task}.`);
        const refused = await devices.start(body);
        if (refused) return refused;
        ports.changed();
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
        ports.changed();
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
        if (studyKey === null)
          return reject('bad_config', 'No study key is set: start the coordinator with SOTTO_STUDY_KEY and try again.');
        const { key, task, role } = certificate;
        const refused = await checkCertificate(certificate, { studyKey, key, task, role, now: now() });
        if (refused) return refused;
        await store.keepCertificate(certificate);
        await runs.reconsider(task);
        ports.changed();
        return DONE;
      },
    }),
  ];
}
