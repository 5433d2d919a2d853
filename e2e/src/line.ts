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
  /** Cuts the line once so many more bytes have gone up to the coordinator; resolves when it did. */
  cutAfter(bytes: number): Promise<void>;
  /** Nothing goes up any more, although connections stay, until `release`. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

export async function layLine(): Promise<Line> {
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
    if (isHeld) client.pause();
    client.on('data', (chunk: Buffer) => {
      if (fuse) {
        const { left, burn } = fuse;
        fuse = { left: left - chunk.length, burn };
        if (left <= chunk.length) {
          client.pause();
          // The last bytes before the cut still arrive: the coordinator is to see half a message.
          upstream.write(chunk.subarray(0, left), burn);
          return;
        }
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
    url: `http://127.0.0.1:${address.port}`,
    target: 0,
    cut() {
      isCut = true;
      endAll();
    },
    mend() {
      isCut = false;
    },
    cutAfter: (bytes) =>
      new Promise((resolve) => {
        const burn = () => {
          fuse = null;
          line.cut();
          resolve();
        };
        fuse = { left: bytes, burn };
      }),
    hold() {
      isHeld = true;
      for (const { client } of pairs) client.pause();
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
