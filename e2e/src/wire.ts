/** What a client says on one connection, taken apart without the application's own code: HTTP, WebSocket, Engine.IO 4, Socket.IO 5. */
export interface Heard {
  readonly requests: readonly HttpRequest[];
  /** Application messages, in order. */
  readonly messages: readonly Message[];
  /** Everything that is neither a request nor part of a message, by its kind. */
  readonly framing: readonly Framing[];
  /** The connection ended in the middle of one. */
  readonly cutOff: boolean;
}

export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bodyBytes: number;
}

export interface Message {
  readonly name: string;
  readonly payload: unknown;
  /** What was attached; empty where nothing was. */
  readonly bytes: Buffer;
}

export type Framing = 'pong' | 'connect' | 'disconnect' | 'close' | `unknown: ${string}`;

export function takeApart(bytes: Buffer): Heard {
  const requests: HttpRequest[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return { requests, messages: [], framing: [], cutOff: true };
    const request = requestOf(bytes.subarray(at, end).toString('latin1'));
    requests.push(request);
    at = end + 4;
    if (request.headers.get('upgrade')?.toLowerCase() === 'websocket')
      return { requests, ...messagesOf(framesOf(bytes.subarray(at))) };
    at += request.bodyBytes;
  }
  return { requests, messages: [], framing: [], cutOff: false };
}

function requestOf(head: string): HttpRequest {
  const [line = '', ...fields] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
  );
  // What is chunked has no length to go by: it is counted as a body, and found out by whoever expects none.
  const length = headers.has('transfer-encoding')
    ? Number.POSITIVE_INFINITY
    : Number(headers.get('content-length') ?? 0);
  return { method, target, headers, bodyBytes: length };
}

const [CONTINUATION, TEXT, BINARY, CLOSE] = [0, 1, 2, 8];

function messagesOf(frames: readonly Frame[]): Omit<Heard, 'requests'> {
  const messages: Message[] = [];
  const framing: Framing[] = [];
  let parts: Buffer[] = [];
  let kind = TEXT;
  /** A message whose attachment is still to come. */
  let waiting: { name: string; payload: unknown } | null = null;
  for (const frame of frames) {
    if (!frame.whole) return { messages, framing, cutOff: true };
    if (frame.reserved !== 0) framing.push('unknown: reserved bits');
    if (frame.opcode === CLOSE) {
      framing.push('close');
      continue;
    }
    if (frame.opcode > BINARY!) {
      framing.push(`unknown: opcode ${frame.opcode}`);
      continue;
    }
    if (frame.opcode !== CONTINUATION) {
      kind = frame.opcode;
      parts = [];
    }
    parts.push(frame.payload);
    if (!frame.final) continue;
    const whole = Buffer.concat(parts);
    if (kind === BINARY) {
      if (waiting) messages.push({ ...waiting, bytes: whole });
      else framing.push('unknown: bytes of no message');
      waiting = null;
      continue;
    }
    const packet = packetOf(whole.toString('utf8'));
    if (typeof packet === 'string') framing.push(packet);
    else if (packet.attached) waiting = packet;
    else messages.push({ name: packet.name, payload: packet.payload, bytes: Buffer.alloc(0) });
  }
  return { messages, framing, cutOff: waiting !== null };
}

/** An Engine.IO packet, and within it a Socket.IO one of the main namespace: `4` `2` id `[name, payload]`, or `45` attachments `-` id `[…]`. */
function packetOf(text: string): Framing | { name: string; payload: unknown; attached: boolean } {
  if (text === '3') return 'pong';
  if (text === '40') return 'connect';
  if (text === '41') return 'disconnect';
  const match = /^4(?:2|5(\d+)-)(\d+)(\[.*\])$/s.exec(text);
  if (!match) return `unknown: ${text.slice(0, 80)}`;
  const [name, payload, ...rest] = JSON.parse(match[3]!) as [string, unknown, ...unknown[]];
  const attached = match[1] === '1';
  const expected = attached ? '[{"_placeholder":true,"num":0}]' : '[]';
  if ((match[1] !== undefined && !attached) || JSON.stringify(rest) !== expected)
    return `unknown: more than a payload and its bytes: ${text.slice(0, 80)}`;
  return { name, payload, attached };
}

/** One WebSocket frame of a client (RFC 6455, section 5.2), unmasked. */
export interface Frame {
  /** The last of its message. */
  readonly final: boolean;
  /** The reserved bits: not 0 where an extension, such as compression, is in use. */
  readonly reserved: number;
  readonly opcode: number;
  readonly payload: Buffer;
  /** All of it was seen. */
  readonly whole: boolean;
}

export function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const first = bytes[at]!;
    const masked = (bytes[at + 1]! & 0x80) !== 0;
    let length = bytes[at + 1]! & 0x7f;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    const mask = masked ? bytes.subarray(at, at + 4) : Buffer.alloc(4);
    if (masked) at += 4;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    for (let i = 0; i < payload.length; i++) payload[i]! ^= mask[i % 4]!;
    frames.push({
      final: (first & 0x80) !== 0,
      reserved: first & 0x70,
      opcode: first & 0x0f,
      payload,
      whole: payload.length === length,
    });
    at += length;
  }
  return frames;
}
