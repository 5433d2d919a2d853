import type { Server as HttpServer } from 'node:http';
import { MAX_MESSAGE_BYTES } from '@sotto/protocol/messages';
import { isRejection, reject } from '@sotto/protocol/rejection';
import { Server, type Socket } from 'socket.io';
import type { Desk } from '../desk/desk.ts';
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
    socket.onAny((name: string, ...values: unknown[]) => {
      const acknowledge = values.at(-1);
      const [payload, attached] = typeof acknowledge === 'function' ? values.slice(0, -1) : values;
      const answer = (reply: unknown, bytes?: Uint8Array) => {
        if (typeof acknowledge !== 'function') return;
        if (bytes) acknowledge(reply, bytes);
        else acknowledge(reply);
      };
      const bytes = bytesOf(attached);
      if (bytes === null) {
        answer(reject('bad_message', `${name.slice(0, 64)}: the second argument must be bytes.`));
        return;
      }
      session.receive(name, payload, bytes).then(
        (answered) => (isRejection(answered) ? answer(answered) : answer(answered.reply, answered.bytes)),
        (error: unknown) => log.error({ event: name, err: error }, 'the desk threw'),
      );
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

/** Socket.IO hands binary over as Buffer or ArrayBuffer. Undefined when nothing came, null when it is no bytes. */
function bytesOf(attached: unknown): Uint8Array | undefined | null {
  if (attached === undefined) return undefined;
  if (attached instanceof ArrayBuffer) return new Uint8Array(attached);
  if (attached instanceof Uint8Array) return new Uint8Array(attached.buffer, attached.byteOffset, attached.byteLength);
  return null;
}
