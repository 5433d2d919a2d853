import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { reject } from '@sotto/protocol/rejection';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Border } from '../border/border.ts';
import { type Draining, STOPPING } from '../draining.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { isUnavailable, UNAVAILABLE } from '../unavailable.ts';
import { securityHeaders } from './headers.ts';
import { allowChange } from './origin.ts';
import { addPages } from './pages.ts';
import { refuseRaw } from './raw-answer.ts';
import { refusalOf, refuse } from './refusal.ts';
import { createRefusedAttempts } from './refused-attempts.ts';
import { allRoutes, type RoutesPorts } from './routes.ts';
import { addRoutes, type RoutingPorts } from './routing.ts';

export interface HttpPorts extends Omit<RoutesPorts & RoutingPorts, 'noteRefused'> {
  readonly log: Log;
  readonly border: Border;
  readonly draining: Draining;
  readonly instruments: Pick<Metrics, 'answered'>;
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  /** Whether this is a name of ours, by the Host header. */
  readonly allowsHost: (host: string | undefined) => boolean;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Folder of the built web app. */
  readonly pages: string;
}

/** How long a peer may take before it is taken for one that only holds the connection. */
const REQUEST_MS = 60_000;
/** Without a byte either way. Open WebSockets have a heartbeat of their own. */
const IDLE_MS = 60_000;
const KEEP_ALIVE_MS = 20_000;
const LOOK_FOR_LATE_MS = 2000;
/** What Node's parser gives up on, by the code of its error. */
const NO_HTTP: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come whole in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of this request are too long.'],
};

/** Everything over HTTP; listens to nothing yet. */
export async function createHttpServer(ports: HttpPorts): Promise<FastifyInstance> {
  const { senders, rates, refusals } = ports.border;
  const options = {
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    clientErrorHandler(error: NodeJS.ErrnoException, connection: Socket) {
      // It is gone, and nobody will read an answer.
      if (error.code === 'ECONNRESET' || connection.destroyed) return;
      const [status, message] = NO_HTTP[error.code ?? ''] ?? [400, 'This is no HTTP request.'];
      const { address } = senders.of({ headers: {}, socket: connection });
      refusals.note({ rejected: 'bad_message', kind: 'connection', address });
      refuseRaw(connection, status, reject('bad_message', message), securityHeaders(ports.publicUrl()));
    },
  };
  const headersTimeout = ports.border.limits.helloSeconds * 1000;
  const late = { headersTimeout, connectionsCheckingInterval: Math.min(LOOK_FOR_LATE_MS, headersTimeout / 2) };
  const app: FastifyInstance = ports.tls
    ? (Fastify({
        ...options,
        https: { ...ports.tls, ...late, handshakeTimeout: headersTimeout },
      }) as unknown as FastifyInstance)
    : Fastify({ ...options, http: late });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(ports.publicUrl()));
    const sender = senders.of(request.raw);
    const tooMany = await rates.http(sender);
    if (tooMany) return refuse(reply, tooMany);
    const { anyHost = false } = request.routeOptions.config;
    // Probes are told that it is stopping, and that it lives.
    if (ports.draining.isOn() && !anyHost) return refuse(reply.header('connection', 'close'), STOPPING);
    if (!anyHost) reply.raw.once('close', ports.draining.enter());
    if (!anyHost && !ports.allowsHost(request.headers.host))
      return refuse(
        reply,
        reject(
          'unknown_host',
          `This coordinator is reached at ${ports.publicUrl()}. To reach it by another name, start it with SOTTO_PUBLIC_URL set to that address.`,
        ),
      );
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && !allowChange(request.headers, ports.allowsOrigin))
      return refuse(reply, reject('foreign_origin', 'Requests from pages of other origins are refused.'));
  });
  app.addHook('onResponse', async (request, reply) => {
    const { id, method } = request;
    // As declared: addresses that nobody declared are of a stranger's making, and too many for a label.
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    const rejected = refusalOf(reply);
    if (rejected) refusals.note({ rejected, kind: route, address: senders.of(request.raw).address });
    ports.instruments.answered(route, method, status, reply.elapsedTime / 1000);
    ports.log.debug({ request: id, method, route, status, ms: Math.round(reply.elapsedTime) }, 'http');
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500)
      return refuse(reply, reject('bad_message', error.message), error.statusCode);
    if (isUnavailable(error)) return refuse(reply, UNAVAILABLE);
    ports.log.error(
      { request: request.id, method: request.method, route: request.routeOptions.url, err: error },
      'a request failed',
    );
    return refuse(reply, reject('internal', 'The coordinator failed. Its log says why; try again later.'));
  });
  const all = { ...ports, noteRefused: createRefusedAttempts(ports.audit, ports.border) };
  addRoutes(app, allRoutes(all), all);
  await addPages(app, ports.pages);
  return app;
}
