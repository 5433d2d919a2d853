import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { type PublicPorts, publicRoutes } from '../src/http/public-routes.ts';
import { addRoutes } from '../src/http/routing.ts';

const READERS = 10;
const SAMPLE_BYTES = 32 * 2 ** 20;

/** A server of one task, whose sample is large once it is unzipped. */
async function openServer() {
  const bytes = new Uint8Array(gzipSync(new Uint8Array(SAMPLE_BYTES)));
  let lent = 0;
  const ports = {
    tasks: { get: () => ({ data: { trainSize: 10 } }) },
    samples: {
      take: async () => {
        lent += 1;
        return { bytes, release: () => (lent -= 1) };
      },
    },
  };
  const app = Fastify({ forceCloseConnections: true });
  addRoutes(
    app,
    publicRoutes(ports as unknown as PublicPorts).filter(({ path }) => path.endsWith('/sample')),
    { whoIs: async () => null, audit: async () => {}, noteRefused: async () => {} },
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { app, port, lent: () => lent };
}

it('readers that stall, and take no gzip, cost no copy of the sample each, and give it back when they go', async () => {
  const { app, port, lent } = await openServer();
  const before = process.memoryUsage().arrayBuffers;
  const stalled = await Promise.all(
    Array.from({ length: READERS }, async () => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.write('GET /api/tasks/t/sample HTTP/1.1\r\nHost: t\r\nAccept-Encoding: identity\r\n\r\n');
      // The answer has begun; nothing of it is read.
      await once(socket, 'readable');
      return socket;
    }),
  );
  expect(lent()).toBe(READERS);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(SAMPLE_BYTES);
  for (const socket of stalled) socket.destroy();
  await expect.poll(lent).toBe(0);
  await app.close();
});

it('a reader that takes no gzip gets the whole sample', async () => {
  const { app, port, lent } = await openServer();
  const answer = await fetch(`http://127.0.0.1:${port}/api/tasks/t/sample`, {
    headers: { 'accept-encoding': 'identity' },
  });
  expect(answer.headers.get('content-encoding')).toBeNull();
  expect((await answer.arrayBuffer()).byteLength).toBe(SAMPLE_BYTES);
  await expect.poll(lent).toBe(0);
  await app.close();
});
