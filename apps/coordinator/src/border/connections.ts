import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Limits } from './limits.ts';
import type { Refusals } from './refusals.ts';
import type { Sender, Senders } from './senders.ts';

/** How many connections each address has open. An address is forgotten with its last one. */
function createCounts(most: number) {
  const open = new Map<string, number>();
  return {
    /** False when the address has as many as it may. */
    enter({ address, unlimited }: Sender): boolean {
      const count = open.get(address) ?? 0;
      if (count >= most && !unlimited) return false;
      open.set(address, count + 1);
      return true;
    },
    leave({ address }: Sender): void {
      const count = (open.get(address) ?? 1) - 1;
      if (count > 0) open.set(address, count);
      else open.delete(address);
    },
  };
}

/**
 * Bounds open connections, in all and by address, before a byte of them is read. Connections that say nothing are closed by the server's
 * own timeouts. Those of a trusted proxy speak for many: their senders are counted when they open a WebSocket.
 * @returns whether a request for a WebSocket may have it.
 */
export function boundConnections(
  server: Server,
  { limits, senders, refusals }: { readonly limits: Limits; readonly senders: Senders; readonly refusals: Refusals },
): (request: IncomingMessage) => boolean {
  const counts = createCounts(limits.connectionsPerAddress);
  const refuse = (address: string) => refusals.note({ rejected: 'too_many_connections', kind: 'connection', address });
  server.maxConnections = limits.connections;
  server.on('drop', () => refuse('any'));
  server.prependListener('connection', (socket: Socket) => {
    const sender = senders.ofPeer(socket.remoteAddress);
    if (!sender) return;
    if (!counts.enter(sender)) {
      refuse(sender.address);
      socket.destroy();
      return;
    }
    socket.once('close', () => counts.leave(sender));
  });

  return (request) => {
    if (senders.ofPeer(request.socket.remoteAddress)) return true;
    const sender = senders.of(request);
    if (!counts.enter(sender)) return false;
    request.socket.once('close', () => counts.leave(sender));
    return true;
  };
}
