import type { Server as HttpServer } from 'node:http';
import { MAX_MESSAGE_BYTES } from '@sotto/protocol/messages';
import { isRejection, reject } from '@sotto/protocol/rejection';
import { Server, type Socket } from 'socket.io';
import type { Desk, Session } from '../desk/desk.ts';
import type { Log } from '../log.ts';

export interface SocketPorts {
  readonly server: HttpServer;
  readonly desk: Desk;
  readonly log: Log;
  /** Whether a page of this origin may connect; a device that is no page sends none. */
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  /** Whether these cookies are an admin's. */
  readonly isAdmin: (cookies: string | undefined) => Promise<boolean>;
}

export interface SocketBorder {
  /** Tells every admin page to look again. */
  hintAdmins(): void;
  close(): Promise<void>;
}

/**
 * The desk over Socket.IO: one event a request, the answer as its acknowledgement. WebSocket only, as long polling would need sticky
 * sessions; no compression, as ciphertext has none and compressing secrets next to chosen text leaks them.
 */
export function openSocket({ server, desk, log, allowsOrigin, isAdmin }: SocketPorts): SocketBorder {
  const io = new Server(server, {
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    serveClient: false,
    allowRequest: (request, decide) => decide(null, allowsOrigin(request.headers.origin)),
  });

  io.on('connection', (socket) => {
    const session = desk.open((hint, payload) => void socket.emit(hint, payload));
    // Whatever a listener throws would end the process, so nothing of what a peer sends is looked at outside the promise.
    socket.onAny((name: unknown, ...values: unknown[]) => {
      hear(session, name, values).catch((error: unknown) => log.error({ event: name, err: error }, 'the desk threw'));
    });
    socket.on('disconnect', () => session.close());
    socket.on('error', (error) => log.warn({ err: error }, 'socket'));
  });

  const admins = io.of('/admin');
  admins.use((socket: Socket, next) => {
    isAdmin(socket.handshake.headers.cookie).then(
      (admitted) => next(admitted ? undefined : new Error('Sign in first.')),
      () => next(new Error('The session could not be looked up.')),
    );
  });

  return {
    hintAdmins: () => void admins.emit('changed'),
    async close() {
      // Without this, closing waits for clients that keep coming back.
      io.local.disconnectSockets(true);
      await io.close();
    },
  };
}

/** One event. Socket.IO makes sure of nothing: a name may be a number, and the last value may be no acknowledgement. */
async function hear(session: Session, name: unknown, values: readonly unknown[]): Promise<void> {
  const last = values.at(-1);
  const acknowledge = typeof last === 'function' ? last : () => {};
  const [payload, attached] = last === acknowledge ? values.slice(0, -1) : values;
  const bytes = bytesOf(attached);
  if (bytes === null) {
    acknowledge(reject('bad_message', 'The second argument of a message must be bytes.'));
    return;
  }
  const answered = await session.receive(name, payload, bytes);
  if (isRejection(answered)) acknowledge(answered);
  else if (answered.bytes) acknowledge(answered.reply, answered.bytes);
  else acknowledge(answered.reply);
}

/** Socket.IO hands binary over as Buffer or ArrayBuffer. Undefined when nothing came, null when it is no bytes. */
function bytesOf(attached: unknown): Uint8Array | undefined | null {
  if (attached === undefined) return undefined;
  if (attached instanceof ArrayBuffer) return new Uint8Array(attached);
  if (attached instanceof Uint8Array) return new Uint8Array(attached.buffer, attached.byteOffset, attached.byteLength);
  return null;
}
