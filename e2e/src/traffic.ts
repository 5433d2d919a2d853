import { connect, createServer, type Socket } from 'node:net';
import { framesOf, type Heard, takeApart } from './wire.ts';

/**
 * A TCP proxy that keeps every byte between participants and coordinator, with WebSocket frames unmasked (RFC 6455, section 5.3): a
 * masked plaintext would be found by nobody who searches for it, and read by everybody who wants to.
 */
export interface Traffic {
  readonly url: string;
  /** Where connections are led; set before the first one. */
  target: number;
  /** Everything participants sent, one buffer a connection. */
  sent(): Buffer[];
  /** The same, taken apart, in the order in which the connections were made. */
  heard(): Heard[];
  close(): Promise<void>;
}

export async function recordTraffic(): Promise<Traffic> {
  const recordings: Recording[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(traffic.target, '127.0.0.1');
    const recording = createRecording();
    recordings.push(recording);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => recording.add(chunk as Buffer));
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  const traffic: Traffic = {
    url: `http://127.0.0.1:${address.port}`,
    target: 0,
    sent: () => recordings.map((recording) => recording.payload()),
    heard: () => recordings.map((recording) => takeApart(recording.bytes())),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return traffic;
}

interface Recording {
  add(chunk: Buffer): void;
  bytes(): Buffer;
  payload(): Buffer;
}

function createRecording(): Recording {
  const chunks: Buffer[] = [];
  const bytes = () => Buffer.concat(chunks);
  return { add: (chunk) => chunks.push(chunk), bytes, payload: () => unframe(bytes()) };
}

/** HTTP as it is; after an upgrade request, the payloads of the client's frames. */
function unframe(bytes: Buffer): Buffer {
  const upgrade = /upgrade: websocket/i.exec(bytes.subarray(0, 16_384).toString('latin1'));
  const end = bytes.indexOf('\r\n\r\n');
  if (!upgrade || end < 0) return bytes;
  return Buffer.concat([
    bytes.subarray(0, end + 4),
    ...framesOf(bytes.subarray(end + 4)).map(({ payload }) => payload),
  ]);
}

/** How many of `count` windows of `width` bytes, spread over `secret`, occur in `haystack`. All-equal windows say nothing and are skipped. */
export function windowsFound(
  haystack: readonly Buffer[],
  secret: Uint8Array,
  width = 16,
  count = 100,
): { tried: number; found: number } {
  let tried = 0;
  let found = 0;
  const step = Math.max(width, Math.floor((secret.length - width) / count));
  for (let at = 0; at + width <= secret.length; at += step) {
    const window = Buffer.from(secret.buffer, secret.byteOffset + at, width);
    if (window.every((byte) => byte === window[0])) continue;
    tried++;
    if (haystack.some((bytes) => bytes.includes(window))) found++;
  }
  return { tried, found };
}
