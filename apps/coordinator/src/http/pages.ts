import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { reject } from '@sotto/protocol/rejection';
import type { FastifyInstance } from 'fastify';
import { refuse } from './refusal.ts';

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sotto</title>
<body style="font: 18px/1.5 system-ui; max-width: 34em; margin: 15vh auto; padding: 0 1em">
<h1>The pages are not built yet</h1>
<p>This coordinator is running, but its web pages are missing. Stop it and run <code>npm start</code>, which builds them first,
or build them with <code>npm run build</code> and reload.</p>
</body></html>`;

/** The built web app. Addresses that are no files are its own to show. */
export async function addPages(app: FastifyInstance, folder: string): Promise<void> {
  const built = () => existsSync(join(folder, 'index.html'));
  if (built())
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      setHeaders(reply, path) {
        // Vite names assets by their content; everything else may change with the next build.
        const forever = path.includes('/assets/');
        reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  const served = built();
  app.setNotFoundHandler((request, reply) => {
    // “//” is an address without a host.
    const pathname = URL.parse(request.url, 'http://localhost')?.pathname;
    if (pathname === undefined) return refuse(reply, reject('not_found', 'There is nothing at this address.'));
    if (pathname.startsWith('/api/') || (request.method !== 'GET' && request.method !== 'HEAD'))
      return refuse(reply, reject('not_found', `There is nothing at ${request.method} ${pathname}.`));
    if (/\.[a-z0-9]+$/i.test(pathname)) return reply.code(404).type('text/plain').send('Not found');
    if (!served) return reply.code(503).type('text/html').send(NOT_BUILT);
    return reply.type('text/html').header('cache-control', 'no-cache').sendFile('index.html');
  });
}
