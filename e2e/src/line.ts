import { connect, createServer, type Socket } from 'node:net';

/** The line between browsers and a coordinator: TCP, passed on as it comes, and broken on demand. */
export interface Line {
  /** Where people reach the coordinator; stays the same when it starts again elsewhere. */
  readonly url: string;
  /** Port connections are led to. */
  target: number;
  /** Ends every connection and lets none in until `mend`. */
  cut(): void;
  mend(): void;
  /**
   * Resolves once so many more bytes have gone up by WebSocket: the connection that brought the last of them stands still from there on,
   * although it stays, until it is ended or the line released.
   */
  stopAfter(bytes: number): Promise<void>;
  /** Nothing goes up by WebSocket any more, although connections stay, until `release`. Files and documents are fetched as before. */
  hold(): void;
  release(): void;
  /** Bytes a second that go up, a connection; null: as many as come. */
  speed: number | null;
  close(): Promise<void>;
}

/** `host`: the name people know it by. */
export async function layLine(host = '127.0.0.1'): Promise<Line> {
  const pairs = new Set<{ client: Socket; upstream: Socket }>();
  let isCut = false;
  let isHeld = false;
  let fuse: { readonly left: number; readonly burn: () => void } | null = null;

  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(line.target, '127.0.0.1');
    const pair = { client, upstream };
    pairs.add(pair);
    const end = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', end).on('close', end);
    let isSocket = false;
    client.on('data', (chunk: Buffer) => {
      isSocket ||= /^GET .*upgrade: websocket/is.test(chunk.toString('latin1'));
      if (isHeld && isSocket) {
        client.pause();
        client.unshift(chunk);
        return;
      }
      if (fuse && isSocket) {
        const { left, burn } = fuse;
        fuse = { left: left - chunk.length, burn };
        if (left <= chunk.length) {
          fuse = null;
          client.pause();
          // What came after them waits with the rest, should the connection go on.
          if (chunk.length > left) client.unshift(chunk.subarray(left));
          upstream.write(chunk.subarray(0, left), burn);
          return;
        }
      }
      if (line.speed !== null) {
        client.pause();
        const slice = chunk.subarray(0, Math.ceil(line.speed / 20));
        if (chunk.length > slice.length) client.unshift(chunk.subarray(slice.length));
        upstream.write(slice);
        setTimeout(() => client.resume(), (1000 * slice.length) / line.speed);
        return;
      }
      if (!upstream.write(chunk)) {
        client.pause();
        upstream.once('drain', () => {
          if (!isHeld) client.resume();
        });
      }
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line listens on no port');

  const endAll = () => {
    for (const { client, upstream } of pairs) {
      client.destroy();
      upstream.destroy();
    }
    pairs.clear();
  };
  const line: Line = {
    url: `http://${host}:${address.port}`,
    target: 0,
    speed: null,
    cut() {
      isCut = true;
      endAll();
    },
    mend() {
      isCut = false;
    },
    stopAfter: (bytes) =>
      new Promise((resolve) => {
        fuse = { left: bytes, burn: resolve };
      }),
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      for (const { client } of pairs) client.resume();
    },
    close: () =>
      new Promise((resolve) => {
        isCut = true;
        endAll();
        server.close(() => resolve());
      }),
  };
  return line;
}
