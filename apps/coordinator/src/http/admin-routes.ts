import { Certificate, checkCertificate } from '@sotto/protocol/certificate';
import { Slug } from '@sotto/protocol/ids';
import { isRejection, reject } from '@sotto/protocol/rejection';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RunRequest } from '../rounds/run-config.ts';
import { ADMIN_COOKIE, type AdminSessions, cookieOf, SESSION_MS } from './admin-session.ts';
import type { LocalDevices } from './local-devices.ts';
import { parse, refuse } from './refusal.ts';
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

/** What whoever runs the study may do, signed in by cookie. Every action is written into the audit log. */
export function addAdminRoutes(app: FastifyInstance, ports: AdminPorts): void {
  const { admins, devices, runs, store, tasks, studyKey, now } = ports;

  const cookie = (value: string, maxAge: number) =>
    `${ADMIN_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${ports.secure() ? '; Secure' : ''}`;
  const cookieIn = (request: FastifyRequest) => cookieOf(request.headers.cookie, ADMIN_COOKIE);
  const audit = (action: string, detail: unknown) => store.audit(now(), action, detail);
  const signedIn = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!(await admins.isSignedIn(cookieIn(request))))
      return refuse(
        reply,
        reject('not_signed_in', 'Sign in with the link that the coordinator printed when it started.'),
      );
  };

  app.post('/api/admin/session', async (request, reply) => {
    const body = parse(SignIn, request.body);
    if (isRejection(body)) return refuse(reply, body);
    const value = await admins.signIn(body.token);
    if (value === undefined)
      return refuse(
        reply,
        reject('wrong_token', 'This token is wrong or was used before. Restart the coordinator for a new one.'),
      );
    await audit('sign in', {});
    return reply.header('set-cookie', cookie(value, SESSION_MS / 1000)).send({ done: true });
  });

  app.register(async (inside) => {
    inside.addHook('onRequest', signedIn);

    inside.delete('/api/admin/session', async (request, reply) => {
      await admins.signOut(cookieIn(request)!);
      return reply.header('set-cookie', cookie('', 0)).send({ done: true });
    });

    inside.get('/api/admin', async (_request, reply) => {
      return reply.header('cache-control', 'no-store').send(await adminView(ports));
    });

    inside.post('/api/admin/runs', async (request, reply) => {
      const body = parse(RunRequest, request.body);
      if (isRejection(body)) return refuse(reply, body);
      const run = await runs.create(body);
      if (isRejection(run)) return refuse(reply, run);
      await audit('start run', { run: run.run, config: run.config });
      return reply.code(201).send(run);
    });

    inside.post<{ Params: { run: string } }>('/api/admin/runs/:run/stop', async (request, reply) => {
      const run = await runs.stop(request.params.run);
      if (isRejection(run)) return refuse(reply, run);
      await audit('stop run', { run: run.run });
      return run;
    });

    inside.post('/api/admin/devices', async (request, reply) => {
      const body = parse(StartDevices, request.body);
      if (isRejection(body)) return refuse(reply, body);
      if (!tasks.has(body.task)) return refuse(reply, reject('unknown_task', `There is no task ${body.task}.`));
      const refused = await devices.start(body);
      if (refused) return refuse(reply, refused);
      await audit('start devices', body);
      ports.changed();
      return reply.code(201).send({ done: true });
    });

    inside.delete('/api/admin/devices', async () => {
      await devices.stop();
      await audit('stop devices', {});
      ports.changed();
      return { done: true };
    });

    inside.post('/api/admin/certificates', async (request, reply) => {
      const certificate = parse(Certificate, request.body);
      if (isRejection(certificate)) return refuse(reply, certificate);
      if (studyKey === null)
        return refuse(
          reply,
          reject('bad_config', 'No study key is set: start the coordinator with SOTTO_STUDY_KEY and try again.'),
        );
      const { key, task, role } = certificate;
      const refused = await checkCertificate(certificate, { studyKey, key, task, role, now: now() });
      if (refused) return refuse(reply, refused);
      await store.keepCertificate(certificate);
      await audit('keep certificate', { device: certificate.id, task, role });
      await runs.reconsider(task);
      ports.changed();
      return reply.code(201).send({ done: true });
    });
  });
}
