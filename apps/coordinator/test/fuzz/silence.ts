import { connect } from 'node:net';

/** So many at a time, as the queue of those that are not accepted yet is short. */
const BATCH = 100;
const CONNECT_MS = 500;
/** Each is an address of its own; of one whose connections are not limited the honest devices come. */
const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** Opens connections that never say anything. @returns how many of them were let stand at once, at most, by address. */
export async function keepSilent(url: string, count: number): Promise<{ readonly most: number; end(): void }> {
  const { port } = new URL(url);
  const open = new Map(ADDRESSES.map((address) => [address, 0]));
  let most = 0;
  const sockets = new Set<ReturnType<typeof connect>>();
  for (let opened = 0; opened < count; opened += BATCH) {
    await Promise.all(
      Array.from({ length: BATCH }, (_, i) => {
        const localAddress = ADDRESSES[i % ADDRESSES.length]!;
        const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress });
        sockets.add(socket);
        const { promise, resolve } = Promise.withResolvers<void>();
        let standing = false;
        socket.on('error', () => {}).resume();
        socket.on('connect', () => {
          standing = true;
          open.set(localAddress, open.get(localAddress)! + 1);
          // Time to be refused.
          setTimeout(resolve, CONNECT_MS);
        });
        socket.on('close', () => {
          sockets.delete(socket);
          if (standing) open.set(localAddress, open.get(localAddress)! - 1);
          resolve();
        });
        return promise;
      }),
    );
    most = Math.max(most, ...open.values());
  }
  return {
    most,
    end() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
