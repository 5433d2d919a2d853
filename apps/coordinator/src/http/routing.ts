import { Readable } from 'node:stream';
import { firstIssue } from '@sotto/protocol/in-words';
import { InvariantError, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createKeptBodies, type KeptBodies } from './kept-bodies.ts';
import { parse, refuse } from './refusal.ts';
import type { NoteRefused } from './refused-attempts.ts';
import { type Caller, NOTHING_HERE, type Route } from './route.ts';

export interface RoutingPorts {
  /** Who is signed in on this request; null: nobody. */
  readonly whoIs: (request: FastifyRequest) => Promise<Caller | null>;
  readonly audit: (caller: Caller | null, action: string, detail: unknown) => Promise<void>;
  readonly noteRefused: NoteRefused;
  /** Whether to make sure of every answer that it is as declared; tests do, as it costs time. */
  readonly checkAnswers?: boolean | undefined;
}

const BYTES = 'application/octet-stream';

/** Makes routes of Fastify's out of declared ones: who may call, what it brings, what it did, what it answers. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[], ports: RoutingPorts): void {
  const bodies = createKeptBodies();
  app.addContentTypeParser(BYTES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const route of routes) addRoute(app, route, ports, bodies);
}

function addRoute(
  app: FastifyInstance,
  route: Route,
  { whoIs, audit, noteRefused, checkAnswers }: RoutingPorts,
  bodies: KeptBodies,
): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method: route.method,
    url: route.path,
    config: { anyHost: route.anyHost === true },
    ...(route.mostBytes !== undefined && { bodyLimit: route.mostBytes }),
    // Before the body is read: a stranger's is not.
    async onRequest(request, reply) {
      if (route.role === 'public') return;
      const caller = await whoIs(request);
      const refused = mayCall(route, caller);
      if (refused) {
        if (caller && route.audit)
          await noteRefused(request, caller, `${route.audit.action}: refused`, { why: refused.rejected });
        return refuse(reply, refused);
      }
      callers.set(request, caller!);
    },
    async handler(request, reply) {
      const params = route.params?.safeParse(request.params);
      if (params?.success === false) return refuse(reply, NOTHING_HERE);
      const query = route.query && parse(route.query, request.query);
      if (isRejection(query)) return refuse(reply, query);
      const body = route.body && (route.body === 'bytes' ? bytesOf(request) : parse(route.body, request.body));
      if (isRejection(body)) return refuse(reply, body);
      const caller = callers.get(request) ?? null;
      const given = { params: params?.data, query, body, caller, request, reply };
      const note = async (came: string, detail: unknown) => {
        if (route.audit) await audit(caller, `${route.audit.action}${came}`, detail);
      };
      const handle = async () => {
        const answered = (await route.handle(given as never)) ?? NOTHING_HERE;
        if (checkAnswers && !isRejection(answered)) mustFit(route, answered);
        return answered;
      };
      // Before anything is done: whatever fails from here on, it does not go unrecorded.
      // Not of bytes: each would become a property.
      const brought = () => Object.assign({}, params?.data, query, route.body === 'bytes' ? {} : body);
      if (route.audit) await note(': begun', route.audit.begun?.(given as never) ?? brought());
      try {
        const answered: unknown = await (route.cache === 'forever'
          ? bodies.get(JSON.stringify([route.path, params?.data]), async () => written(await handle()))
          : handle());
        if (isRejection(answered)) {
          await note(': refused', { why: answered.rejected });
          return refuse(reply, answered);
        }
        await note('', route.audit?.detail(given as never, answered as never));
        return answer(reply, route, answered);
      } catch (error) {
        // The log may be what fails.
        await note(': failed', {}).catch(() => {});
        throw error;
      }
    },
  });
}

function bytesOf({ body }: FastifyRequest): Uint8Array | Rejection<'bad_message'> {
  return body instanceof Uint8Array ? body : reject('bad_message', `Send the bytes as they are, as ${BYTES}.`);
}

function mayCall({ role }: Route, caller: Caller | null): Rejection | undefined {
  if (caller === null)
    return reject('not_signed_in', 'Sign in with the link that the coordinator printed when it started.');
  if (caller.role === 'collector' && role !== 'collector')
    return reject('not_allowed', 'This token is for reading metrics only.');
  if (role === 'admin' && caller.role !== 'admin')
    return reject('not_allowed', 'You may look at everything here, but not change it. Ask an admin.');
  return undefined;
}

function answer(reply: FastifyReply, { answer: kind, status = 200, cache }: Route, answered: unknown): FastifyReply {
  if (kind === 'redirect') return reply.redirect(answered as string, 303);
  reply.code(status);
  if (cache) reply.header('cache-control', cache === 'never' ? 'no-store' : 'public, max-age=31536000, immutable');
  if (kind === 'text') return reply.type('text/plain; charset=utf-8').send(answered);
  // A download without a name: one here would win over the link's, which says task, run and round.
  if (kind === 'bytes')
    return reply
      .header('content-disposition', 'attachment')
      .type('application/octet-stream')
      .send(answered instanceof Readable ? answered : written(answered));
  return Buffer.isBuffer(answered)
    ? reply.type('application/json; charset=utf-8').send(answered)
    : reply.send(answered);
}

/** As it goes over the line; a Rejection stays one. */
function written<A>(answered: A): Buffer | Extract<A, Rejection> {
  if (isRejection(answered)) return answered as Extract<A, Rejection>;
  if (!(answered instanceof Uint8Array)) return Buffer.from(JSON.stringify(answered));
  return Buffer.from(answered.buffer, answered.byteOffset, answered.byteLength);
}

function mustFit({ method, path, answer }: Route, answered: unknown): void {
  const fits = typeof answer === 'string' ? null : answer.safeParse(answered);
  if (fits?.success === false)
    throw new InvariantError(`${method} ${path} answers something else than it declares: ${firstIssue(fits.error)}`);
}

declare module 'fastify' {
  interface FastifyContextConfig {
    anyHost?: boolean;
  }
}
