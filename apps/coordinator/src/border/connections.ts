import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Limits } from './limits.ts';
import type { Refusals } from './refusals.ts';
import type { Sender, Senders } from './senders.ts';

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/** Open connections: strangers, and those who have proved who they are. */
export interface Connections {
  /** A request that came by a proxy we trust opens a WebSocket: from now on this connection counts as its sender's. */
  adopt(request: IncomingMessage): void;
  /** Whether one more of this sender may prove who it is. */
  hasRoom(sender: Sender): boolean;
  /** It has proved who it is, and gives way to nobody any more. */
  prove(request: IncomingMessage): void;
}

/** The rest is for those who come next, admins among them. */
const PROVEN_SHARE = 0.9;

interface Open {
  readonly socket: Socket;
  readonly key: string;
  sender: Sender | undefined;
  proven: boolean;
}

/** Under TLS the sockets of connection and request differ; their peer is the same. */
const keyOf = ({ remoteAddress, remotePort }: Peer) => `${remoteAddress} ${remotePort}`;

/**
 * Bounds open connections, in all and by address. Where there are too many the stranger that is there longest gives way: an honest device
 * says hello at once, so whoever holds connections only to hold them loses them first. Those of a trusted proxy speak for many: their
 * senders are counted when they open a WebSocket.
 */
export function boundConnections(
  server: Server,
  { limits, senders, refusals }: { readonly limits: Limits; readonly senders: Senders; readonly refusals: Refusals },
): Connections {
  const open = new Map<string, Open>();
  // Sets keep the order in which they came.
  const strangers = new Set<Open>();
  const strangersAt = new Map<string, Set<Open>>();
  const provenAt = new Map<string, number>();

  function leave(at: Open): void {
    if (open.get(at.key) !== at) return;
    open.delete(at.key);
    forget(at);
  }

  function forget(at: Open): void {
    const address = at.sender?.address ?? '';
    if (at.proven) {
      const left = (provenAt.get(address) ?? 1) - 1;
      if (left > 0) provenAt.set(address, left);
      else provenAt.delete(address);
      return;
    }
    strangers.delete(at);
    const here = strangersAt.get(address);
    here?.delete(at);
    if (here?.size === 0) strangersAt.delete(address);
  }

  function end(socket: Socket, address: string): void {
    refusals.note({ rejected: 'too_many_connections', kind: 'connection', address });
    socket.destroy();
  }

  /** False when there is none that may be ended. */
  function endOldest(among: ReadonlySet<Open>): boolean {
    const [oldest] = among;
    if (!oldest) return false;
    leave(oldest);
    end(oldest.socket, oldest.sender?.address ?? 'any');
    return true;
  }

  function countAt(at: Open, sender: Sender): void {
    const { address, unlimited } = sender;
    const there = strangersAt.get(address);
    if (there && there.size >= limits.connectionsPerAddress && !unlimited) endOldest(there);
    at.sender = sender;
    strangersAt.set(address, (strangersAt.get(address) ?? new Set()).add(at));
  }

  server.prependListener('connection', (socket: Socket) => {
    if (open.size >= limits.connections && !endOldest(strangers)) {
      end(socket, 'any');
      return;
    }
    const at: Open = { socket, key: keyOf(socket), sender: undefined, proven: false };
    open.set(at.key, at);
    strangers.add(at);
    const sender = senders.ofPeer(socket.remoteAddress);
    if (sender) countAt(at, sender);
    socket.once('close', () => leave(at));
  });

  return {
    adopt(request) {
      const at = open.get(keyOf(request.socket));
      if (at && !at.sender) countAt(at, senders.of(request));
    },
    hasRoom: ({ address, unlimited }) =>
      open.size - strangers.size < Math.ceil(limits.connections * PROVEN_SHARE) &&
      (unlimited || (provenAt.get(address) ?? 0) < limits.devicesPerAddress),
    prove(request) {
      const at = open.get(keyOf(request.socket));
      if (!at || at.proven) return;
      forget(at);
      at.proven = true;
      const address = at.sender?.address ?? '';
      provenAt.set(address, (provenAt.get(address) ?? 0) + 1);
    },
  };
}
