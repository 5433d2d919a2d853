import { randomUUID } from 'node:crypto';
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
import { refusalOf, refuse } from './refusal.ts';
import { allRoutes, type RoutesPorts } from './routes.ts';
import { addRoutes, type RoutingPorts } from './routing.ts';

export interface HttpPorts extends RoutesPorts, RoutingPorts {
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

/** Where tokens are tried. */
const SIGN_IN = '/api/admin/session';

/** How long a peer may take before it is taken for one that only holds the connection. */
const REQUEST_MS = 60_000;
/** Without a byte either way. Open WebSockets have a heartbeat of their own. */
const IDLE_MS = 60_000;
const KEEP_ALIVE_MS = 20_000;
const LOOK_FOR_LATE_MS = 2000;

/** Everything over HTTP; listens to nothing yet. */
export async function createHttpServer(ports: HttpPorts): Promise<FastifyInstance> {
  const options = {
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  } as const;
  const headersTimeout = ports.border.limits.helloSeconds * 1000;
  const late = { headersTimeout, connectionsCheckingInterval: LOOK_FOR_LATE_MS };
  const app: FastifyInstance = ports.tls
    ? (Fastify({
        ...options,
        https: { ...ports.tls, ...late, handshakeTimeout: headersTimeout },
      }) as unknown as FastifyInstance)
    : Fastify({ ...options, http: late });
  const { senders, rates, refusals } = ports.border;

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(ports.publicUrl()));
    const sender = senders.of(request.raw);
    const guesses = request.method === 'POST' && request.routeOptions.url === SIGN_IN;
    const tooMany = (await rates.http(sender)) ?? (guesses ? await rates.mayGuess(sender) : undefined);
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
    const sender = senders.of(request.raw);
    if (rejected) refusals.note({ rejected, kind: route, address: sender.address });
    if (rejected === 'wrong_token') await rates.guessedWrong(sender);
    ports.instruments.answered(route, method, status, reply.elapsedTime / 1000);
    ports.log.debug({ request: id, method, route, status, ms: Math.round(reply.elapsedTime) }, 'http');
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500)
      return reply.code(error.statusCode).send(reject('bad_message', error.message));
    if (isUnavailable(error)) return refuse(reply, UNAVAILABLE);
    ports.log.error(
      { request: request.id, method: request.method, route: request.routeOptions.url, err: error },
      'a request failed',
    );
    return refuse(reply, reject('internal', 'The coordinator failed. Its log says why; try again later.'));
  });
  addRoutes(app, allRoutes(ports), ports);
  await addPages(app, ports.pages);
  return app;
}
