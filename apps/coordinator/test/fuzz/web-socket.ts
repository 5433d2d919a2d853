import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A WebSocket by hand, which sends whatever it is told to, be it a frame or not. */
export interface RawWebSocket {
  readonly tcp: Socket;
  readonly closed: Promise<void>;
  isOpen(): boolean;
  /** A whole text or binary message. */
  send(message: string | Uint8Array): void;
  /** Bytes as they are. */
  sendRaw(bytes: Uint8Array): void;
  destroy(): void;
}

export interface Listeners {
  readonly onText?: (text: string) => void;
}

const TEXT = 1;
const BINARY = 2;

/** @returns undefined when the connection, or its upgrade, was refused. */
export function openWebSocket(
  url: string,
  { onText = () => {} }: Listeners = {},
  path = '/socket.io/?EIO=4&transport=websocket',
  headers: Readonly<Record<string, string>> = {},
): Promise<RawWebSocket | undefined> {
  const { hostname, port, host } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<RawWebSocket | undefined>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const tcp = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
  let open = false;
  let buffered: Buffer = Buffer.alloc(0);

  const lines = Object.entries({
    Host: host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  tcp.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);

  tcp.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (!open) {
      const end = buffered.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!buffered.subarray(0, end).toString('latin1').startsWith('HTTP/1.1 101')) {
        tcp.destroy();
        return;
      }
      open = true;
      buffered = buffered.subarray(end + 4);
      resolve(socket);
    }
    for (let frame = takeFrame(); frame; frame = takeFrame()) {
      if (frame.opcode !== TEXT) continue;
      const text = frame.payload.toString('utf8');
      // Engine.IO's heartbeat.
      if (text === '2') socket.send('3');
      else onText(text);
    }
  });
  tcp.on('error', () => {});
  tcp.on('close', () => {
    open = false;
    resolve(undefined);
    close();
  });

  /** Frames of a server are not masked, and ours come whole. */
  function takeFrame(): { readonly opcode: number; readonly payload: Buffer } | undefined {
    if (buffered.length < 2) return undefined;
    const short = buffered[1]! & 0x7f;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (buffered.length < head) return undefined;
    const length =
      short === 127 ? Number(buffered.readBigUInt64BE(2)) : short === 126 ? buffered.readUInt16BE(2) : short;
    if (buffered.length < head + length) return undefined;
    const frame = { opcode: buffered[0]! & 0x0f, payload: buffered.subarray(head, head + length) };
    buffered = buffered.subarray(head + length);
    return frame;
  }

  const socket: RawWebSocket = {
    tcp,
    closed,
    isOpen: () => open,
    send: (message) =>
      socket.sendRaw(
        typeof message === 'string' ? frameOf(TEXT, Buffer.from(message)) : frameOf(BINARY, Buffer.from(message)),
      ),
    sendRaw(bytes) {
      if (!tcp.destroyed) tcp.write(bytes);
    },
    destroy: () => tcp.destroy(),
  };
  return promise;
}

/** One masked frame (RFC 6455, section 5.2); the mask is zero, which is one like any other. */
export function frameOf(opcode: number, payload: Uint8Array, final = true): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length > 65_535 ? 14 : length > 125 ? 8 : 6);
  head[0] = (final ? 0x80 : 0) | opcode;
  if (length > 65_535) {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  } else if (length > 125) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(length, 2);
  } else head[1] = 0x80 | length;
  return Buffer.concat([head, payload]);
}
