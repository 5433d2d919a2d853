import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createSocketTransport } from '../src/transport/socket.ts';

it('takes a document that a proxy cannot get for one to ask for again, and one that is not there for none', async () => {
  const server = createServer((request, response) => {
    response.writeHead(Number(request.url!.slice(1))).end('<html>');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { fetch } = createSocketTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const status of [429, 502, 503, 504])
    expect(await fetch(`/${status}`)).toMatchObject({ rejected: 'unavailable', retryAfterMs: 5000 });
  for (const status of [404, 500]) expect(await fetch(`/${status}`)).toMatchObject({ rejected: 'not_found' });
});
