import { reject } from '@sotto/protocol/rejection';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';
import { securityHeaders } from './headers.ts';
import { addPages } from './pages.ts';
import { refuse } from './refusal.ts';
import { allRoutes, type RoutesPorts } from './routes.ts';
import { addRoutes, type RoutingPorts } from './routing.ts';

export interface HttpPorts extends RoutesPorts, RoutingPorts {
  readonly log: Log;
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  /** Whether this is a name of ours, by the Host header. */
  readonly allowsHost: (host: string | undefined) => boolean;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Folder of the built web app. */
  readonly pages: string;
}

/** Everything over HTTP; listens to nothing yet. */
export async function createHttpServer(ports: HttpPorts): Promise<FastifyInstance> {
  const options = { bodyLimit: 64 * 1024, forceCloseConnections: true } as const;
  const app: FastifyInstance = ports.tls
    ? (Fastify({ ...options, https: { ...ports.tls } }) as unknown as FastifyInstance)
    : Fastify(options);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(ports.publicUrl()));
    if (!ports.allowsHost(request.headers.host))
      return refuse(
        reply,
        reject(
          'unknown_host',
          `This coordinator is reached at ${ports.publicUrl()}. To reach it by another name, start it with SOTTO_PUBLIC_URL set to that address.`,
        ),
      );
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && !ports.allowsOrigin(request.headers.origin))
      return refuse(reply, reject('foreign_origin', 'Requests from pages of other origins are refused.'));
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500)
      return reply.code(error.statusCode).send(reject('bad_message', error.message));
    ports.log.error({ method: request.method, path: request.routeOptions.url, err: error }, 'a request failed');
    return refuse(reply, reject('internal', 'The coordinator failed. Its log says why; try again later.'));
  });
  addRoutes(app, allRoutes(ports), ports);
  await addPages(app, ports.pages);
  return app;
}
