import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { createLines, type LineBounds, type LineFault } from '../src/socket/lines.ts';
import { boundedParser } from '../src/socket/parser.ts';
import { frameOf, openWebSocket, type RawWebSocket } from './fuzz/web-socket.ts';
import { until } from './hall.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const ROOMY: LineBounds = {
  partialBytes: 2 ** 30,
  strangerBytes: 2 ** 30,
  messageMs: 60_000,
  crowdedMessageMs: 60_000,
  waitingBytes: 2 ** 30,
  packets: 10_000,
  strangerPackets: 10_000,
  lookMs: 20,
};

/** A Socket.IO server with watched lines; connections count as introduced unless said otherwise. */
async function watch(bounds: Partial<LineBounds>, { introduce = true } = {}) {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], maxHttpBufferSize: 1_000_000, parser: boundedParser });
  const lines = createLines({ ...ROOMY, ...bounds });
  const dropped: LineFault[] = [];
  const connections: Socket['conn'][] = [];
  io.engine.on('connection', (connection: Socket['conn']) => {
    connections.push(connection);
    const line = lines.watch(connection, (fault) => dropped.push(fault));
    if (introduce) line.introduced();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  endings.push(
    () => lines.close(),
    () => io.close(),
  );
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  async function join(): Promise<RawWebSocket> {
    const socket = await openWebSocket(url);
    if (!socket) throw new Error('no connection');
    endings.push(() => socket.destroy());
    socket.send('40');
    return socket;
  }
  return { io, dropped, connections, join };
}

/** The head of a message of so many bytes, and the first of these. */
const begun = (length: number, sent: number) => frameOf(2, new Uint8Array(length)).subarray(0, 14 + sent);

describe('a connection is hung up on', () => {
  it('when its message does not become whole: a slow writer', async () => {
    const { dropped, join } = await watch({ messageMs: 300 });
    const slow = await join();
    slow.sendRaw(begun(200_000, 100));
    await slow.closed;
    expect(dropped).toEqual(['too_slow']);
  });

  it('when it does not read what it is sent: a slow reader', async () => {
    const { io, dropped, join } = await watch({ waitingBytes: 500_000 });
    const reader = await join();
    const connected = new Promise((resolve) => io.on('connection', resolve));
    await connected;
    reader.tcp.pause();
    const flood = setInterval(() => io.emit('status', 'x'.repeat(900_000)), 5);
    endings.push(() => clearInterval(flood));
    await until('the reader is gone', () => dropped.includes('not_reading'));
    clearInterval(flood);
    expect(dropped).toEqual(['not_reading']);
  });

  it('when it sends much before it has said who it is', async () => {
    const { dropped, join } = await watch({ strangerBytes: 64 * 1024 }, { introduce: false });
    const stranger = await join();
    stranger.sendRaw(begun(500_000, 300_000));
    await stranger.closed;
    expect(dropped).toEqual(['too_long']);
  });

  it('when it floods small packets', async () => {
    const { dropped, join } = await watch({ packets: 500 });
    const flooder = await join();
    flooder.sendRaw(Buffer.concat(Array.from({ length: 2000 }, () => frameOf(1, Buffer.from('421["x"]')))));
    await flooder.closed;
    expect(dropped).toEqual(['too_many_packets']);
  });

  it('when it floods fewer packets still, as long as it has not said who it is; none of those behind are heard', async () => {
    const { io, dropped, join } = await watch({ strangerPackets: 16 }, { introduce: false });
    const heard: unknown[] = [];
    io.on('connection', (socket) => socket.onAny((...values) => heard.push(values)));
    const flooder = await join();
    flooder.sendRaw(Buffer.concat(Array.from({ length: 500 }, () => frameOf(1, Buffer.from('421["x"]')))));
    await flooder.closed;
    expect(dropped).toEqual(['too_many_packets']);
    expect(heard.length).toBeLessThan(16);
  });

  it.each([
    ['twice to one namespace, however many times in one segment', '40'],
    ['twice to that of admins', '40/admin,'],
    ['to a namespace that is none', '40/other,'],
  ])('when it connects %s', async (_, packet) => {
    const { io, dropped, join } = await watch({});
    let sockets = 0;
    let asked = 0;
    io.on('connection', () => {
      sockets += 1;
    });
    io.of('/admin').use(() => {
      asked += 1;
    });
    const connector = await join();
    connector.sendRaw(Buffer.concat(Array.from({ length: 900 }, () => frameOf(1, Buffer.from(packet)))));
    await connector.closed;
    expect(dropped).toEqual(['too_many_connects']);
    expect(sockets).toBeLessThanOrEqual(1);
    expect(asked).toBeLessThanOrEqual(1);
  });

  it.each([
    ['announces a flood of attachments', `459999-["part",{"_placeholder":true,"num":0}]`],
    ['announces two attachments, of which no message has more than one', `452-["part",{"_placeholder":true,"num":0}]`],
    ['sends a text that is longer than any message, before it is parsed', `42["x","${'x'.repeat(70_000)}"]`],
    ['sends arrays nested a hundred thousand deep', `42["x",${'['.repeat(100_000)}`],
  ])('when it %s', async (_, packet) => {
    const { join, io } = await watch({});
    const heard: unknown[] = [];
    io.on('connection', (socket) => socket.onAny((...values) => heard.push(values)));
    const sender = await join();
    sender.send(packet);
    await sender.closed;
    expect(heard).toEqual([]);
  });

  it('when its frame is longer than any message, before the rest of it comes', async () => {
    const { join } = await watch({});
    const sender = await join();
    sender.sendRaw(begun(1_000_001, 0));
    await sender.closed;
  });
});

it('messages that are half there are read on in turns, so that together they stay within the budget, and all come whole', async () => {
  const { io, dropped, connections, join } = await watch({ partialBytes: 2_000_000 });
  const heard: number[] = [];
  io.on('connection', (socket) => socket.on('part', (bytes: Uint8Array) => heard.push(bytes.length)));
  const senders = await Promise.all(Array.from({ length: 8 }, join));
  const packet = frameOf(1, Buffer.from('451-["part",{"_placeholder":true,"num":0}]'));
  for (const sender of senders) sender.sendRaw(Buffer.concat([packet, begun(900_000, 0)]));
  for (let sent = 0; sent < 800_000; sent += 40_000) {
    for (const sender of senders) sender.sendRaw(new Uint8Array(40_000));
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const read = () => connections.reduce((sum, { request }) => sum + request.socket.bytesRead, 0);
  // Of 6.4 MB; what had come since the last look is read as well, and a little is buffered.
  expect(read()).toBeLessThan(5_000_000);
  for (const sender of senders) sender.sendRaw(new Uint8Array(100_000));
  await until('all parts are there', () => heard.length === 8);
  expect(heard).toEqual(Array(8).fill(900_000));
  expect(dropped).toEqual([]);
});
