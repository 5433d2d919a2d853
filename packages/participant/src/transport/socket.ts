import { HINTS, type HintName, REQUESTS, Refusal } from '@sotto/protocol/messages';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { io, type Socket } from 'socket.io-client';
import { type Answer, type Hint, lineLost, type Transport } from '../transport.ts';
import { type Absence, returnAfterMs } from './return.ts';

/** Long enough for a commit whose residues are being checked behind others'. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The coordinator's own “not now”, or that of a proxy which does not reach it for the moment. */
const NOT_NOW = [429, 502, 503, 504];

/** Socket.IO for messages, fetch for public documents; in the page and in Node alike. */
export function createSocketTransport(url: string): Transport {
  const socket: Socket = io(url, {
    transports: ['websocket'],
    autoConnect: false,
    // When to come back is decided here: Socket.IO's own way would bring every device back in the same second.
    reconnection: false,
    forceNew: true,
  });
  const pending = new Set<() => void>();
  let again: ReturnType<typeof setTimeout> | undefined;
  let absence: Absence = { failed: 0, windowMs: 0, toldMs: null };
  const connectLater = () => {
    clearTimeout(again);
    again = setTimeout(() => socket.connect(), returnAfterMs(absence, Math.random()));
  };
  const note = (hint: Hint) => {
    if (hint.name === 'status') absence = { ...absence, windowMs: hint.payload.reconnectMs };
    if (hint.name === 'come-back') absence = { ...absence, toldMs: hint.payload.afterMs };
  };

  return {
    open({ onHint, onDisconnect }) {
      // Whoever leaves and joins again must not hear everything twice.
      socket.off();
      for (const name of Object.keys(HINTS) as HintName[])
        socket.on(name, (payload: unknown) => {
          const parsed = HINTS[name].safeParse(payload);
          // A malformed hint is dropped: every hint is given again at the next connect.
          if (!parsed.success) return;
          const hint = { name, payload: parsed.data } as Hint;
          note(hint);
          onHint(hint);
        });
      socket.on('connect', () => {
        absence = { ...absence, failed: 0, toldMs: null };
      });
      socket.on('disconnect', (reason) => {
        for (const settle of [...pending]) settle();
        onDisconnect(reason);
        if (reason !== 'io client disconnect') connectLater();
      });
      socket.on('connect_error', (error) => {
        onDisconnect(error.message);
        absence = { ...absence, failed: absence.failed + 1 };
        connectLater();
      });
      socket.connect();
    },
    async request(name, payload, bytes) {
      if (!socket.connected) return lineLost();
      const answered = await new Promise<unknown[] | null>((resolve) => {
        const lost = () => resolve(null);
        pending.add(lost);
        const args = bytes ? [payload, bytes] : [payload];
        socket.timeout(ANSWER_TIMEOUT_MS).emit(name, ...args, (error: unknown, ...answer: unknown[]) => {
          pending.delete(lost);
          resolve(error ? null : answer);
        });
      });
      if (answered === null) return lineLost();
      const [reply, attached] = answered;
      const refusal = Refusal.safeParse(reply);
      if (refusal.success) {
        const { rejected, message, retryAfterMs } = refusal.data;
        return retryAfterMs === undefined ? { rejected, message } : { rejected, message, retryAfterMs };
      }
      const parsed = REQUESTS[name].reply.safeParse(reply);
      if (!parsed.success) return reject('bad_reply', `The coordinator's reply to “${name}” is malformed.`);
      return { reply: parsed.data, bytes: bytesOf(attached) } as Answer<typeof name>;
    },
    async fetch(path) {
      try {
        const response = await fetch(new URL(path, url));
        if (NOT_NOW.includes(response.status)) return notNow(response);
        if (!response.ok)
          return reject('not_found', `The coordinator has nothing at ${path} (HTTP ${response.status}).`);
        return new Uint8Array(await response.arrayBuffer());
      } catch {
        return lineLost();
      }
    },
    close() {
      clearTimeout(again);
      socket.disconnect();
    },
  };
}

async function notNow(response: Response): Promise<Rejection> {
  const refusal = Refusal.safeParse(await response.json().catch(() => undefined));
  const { rejected, message, retryAfterMs } = refusal.success
    ? refusal.data
    : reject('unavailable', `The coordinator cannot answer now (HTTP ${response.status}).`);
  return { rejected, message, retryAfterMs: retryAfterMs ?? 5000 };
}

/** Socket.IO hands binary over as ArrayBuffer in browsers and Buffer in Node. */
function bytesOf(attached: unknown): Uint8Array {
  if (attached instanceof ArrayBuffer) return new Uint8Array(attached);
  if (ArrayBuffer.isView(attached)) return new Uint8Array(attached.buffer, attached.byteOffset, attached.byteLength);
  return new Uint8Array(0);
}
