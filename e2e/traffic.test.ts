import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { expect, it } from 'vitest';
import { recordTraffic, windowsFound } from './src/traffic.ts';

it('the recorder finds what a socket really sends, so that not finding an update means something', async () => {
  const server = createServer();
  new Server(server, { perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('part', (_payload, _bytes, done) => done('ok'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const traffic = await recordTraffic();
  traffic.target = (server.address() as AddressInfo).port;
  const secret = new Uint8Array(Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i)).buffer);
  const client = io(traffic.url, { transports: ['websocket'] });
  await client.emitWithAck('part', { offset: 0 }, secret);
  client.disconnect();
  const { tried, found } = windowsFound(traffic.sent(), secret);
  expect(tried).toBeGreaterThan(50);
  expect(found).toBe(tried);
  expect(windowsFound(traffic.sent(), crypto.getRandomValues(new Uint8Array(5000))).found).toBe(0);
  await traffic.close();
  server.close();
  server.closeAllConnections();
});
