import type { Server as HttpServer } from 'node:http';
import type { AdminNewsName, AdminNewsOf } from '@sotto/protocol/admin/changes';
import { MAX_MESSAGE_BYTES } from '@sotto/protocol/messages';
import { Server, type Socket } from 'socket.io';
import type { Border } from '../border/border.ts';
import { boundConnections } from '../border/connections.ts';
import { createNetworks } from '../border/networks.ts';
import type { Desk } from '../desk/desk.ts';
import type { Send } from '../desk/sessions.ts';
import type { Log } from '../log.ts';
import { createHandshakes } from './handshakes.ts';
import { createHearing } from './hearing.ts';
import { createLines, cut, type Line } from './lines.ts';
import { boundedParser } from './parser.ts';

export interface SocketPorts {
  readonly server: HttpServer;
  readonly desk: Desk;
  readonly border: Border;
  readonly log: Log;
  /** Whether a page of this origin may connect; a device that is no page sends none. */
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  /** Whether this is a name of ours, by the Host header. */
  readonly allowsHost: (host: string | undefined) => boolean;
  /** Whether these cookies are those of somebody who is signed in. */
  readonly isAdmin: (cookies: string | undefined) => Promise<boolean>;
  /** Of every answer over HTTP. */
  readonly headers: () => Readonly<Record<string, string>>;
}

/** An admin page's session is looked at as often. */
const ADMITTED_MS = 30_000;
/** For the farewell to arrive. */
const DISMISSED_MS = 1000;

export interface SocketBorder {
  /** Tells every admin page that is signed in. */
  tellAdmins<Name extends AdminNewsName>(name: Name, news: AdminNewsOf<Name>): void;
  close(): Promise<void>;
}

/**
 * The desk over Socket.IO: one event a request, the answer as its acknowledgement. WebSocket only, as long polling would need sticky
 * sessions; no compression, as ciphertext has none and compressing secrets next to chosen text leaks them.
 */
export function openSocket({
  server,
  desk,
  border,
  log,
  allowsOrigin,
  allowsHost,
  isAdmin,
  headers,
}: SocketPorts): SocketBorder {
  const { limits, senders, rates, refusals } = border;
  const connections = boundConnections(server, border);
  const io = new Server(server, {
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    serveClient: false,
    parser: boundedParser,
    // Whoever opens a WebSocket and then says nothing, or has gone without a word, is found and let go.
    connectTimeout: limits.helloSeconds * 1000,
    pingInterval: limits.heartbeatSeconds * 1000,
    pingTimeout: limits.heartbeatSeconds * 1000,
  });
  io.engine.use(createHandshakes({ border, connections, allowsOrigin, allowsHost, headers }));
  const networkOf = createNetworks();
  const lines = createLines();
  const lineOf = new WeakMap<Socket['conn'], Line>();

  io.engine.on('connection', (connection: Socket['conn']) => {
    lineOf.set(
      connection,
      lines.watch(connection, (code) => noteEnd(connection, code)),
    );
  });

  function noteEnd(connection: Socket['conn'], rejected: string): void {
    refusals.note({ rejected, kind: 'connection', address: senders.of(connection.request).address });
  }

  function hangUp(connection: Socket['conn'], rejected: string): void {
    noteEnd(connection, rejected);
    cut(connection);
  }

  /** It has proved who it is. */
  function introduced(connection: Socket['conn']): void {
    lineOf.get(connection)?.introduced();
    connections.prove(connection.request);
  }

  io.on('connection', (socket) => {
    const { conn } = socket;
    const line = lineOf.get(conn)!;
    const send = latestStatus(socket, line);
    const sender = senders.of(socket.request);
    const session = desk.open((hint, payload) => {
      send(hint, payload);
      // Told why; an honest device goes by itself.
      if (hint === 'dismissed') setTimeout(() => socket.disconnect(true), DISMISSED_MS).unref();
    }, networkOf(sender.address));
    const hear = createHearing({
      session,
      sender,
      border,
      hasRoom: () => connections.hasRoom(sender),
      hangUp: (code) => hangUp(conn, code),
    });
    const silence = setTimeout(() => {
      if (session.device() === null) hangUp(conn, 'not_introduced');
    }, limits.helloSeconds * 1000).unref();
    // Whatever a listener throws would end the process, so nothing of what a peer sends is looked at outside the promise.
    socket.onAny((name: unknown, ...values: unknown[]) => {
      hear(name, values)
        .then(() => {
          if (session.device() !== null) introduced(conn);
        })
        .catch((error: unknown) => log.error({ event: name, err: error }, 'the desk threw'));
    });
    socket.on('disconnect', () => {
      clearTimeout(silence);
      session.close();
    });
    socket.on('error', () => {
      refusals.note({ rejected: 'bad_packet', kind: 'connection', address: sender.address, device: session.device() });
    });
  });

  const admins = io.of('/admin');
  admins.use((socket: Socket, next) => {
    const { origin, cookie } = socket.handshake.headers;
    // A browser says whose page connects; whoever does not is no page, and has no business with a browser's cookies.
    const admitted = async () => {
      if (await rates.message(senders.of(socket.request), null)) return false;
      return isAdmin(origin === undefined ? undefined : cookie);
    };
    admitted().then(
      (is) => {
        if (is) introduced(socket.conn);
        next(is ? undefined : new Error('Sign in first.'));
      },
      () => next(new Error('The session could not be looked up.')),
    );
  });

  // A page goes on hearing for as long as it is connected, and a session ends before that.
  admins.on('connection', (socket) => {
    const look = () =>
      isAdmin(socket.handshake.headers.cookie).then(
        (is) => {
          if (!is) socket.disconnect();
        },
        // Not known now: looked at again.
        () => {},
      );
    const looking = setInterval(look, ADMITTED_MS).unref();
    socket.on('disconnect', () => clearInterval(looking));
  });

  return {
    tellAdmins: (name, news) => void admins.emit(name, news),
    async close() {
      lines.close();
      // Without this, closing waits for clients that keep coming back.
      io.local.disconnectSockets(true);
      await io.close();
    },
  };
}

/** Of the statuses a slow reader has not taken yet, only the latest is worth its while. */
function latestStatus(socket: Socket, line: Line): Send {
  let latest: unknown;
  socket.conn.transport.on('drain', () => {
    if (latest === undefined) return;
    const status = latest;
    latest = undefined;
    socket.emit('status', status);
  });
  return (hint, payload) => {
    if (hint === 'status' && line.waiting() > 0) latest = payload;
    else socket.emit(hint, payload);
  };
}
