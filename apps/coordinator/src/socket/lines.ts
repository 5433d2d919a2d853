import type { Socket } from 'socket.io';

type Connection = Socket['conn'];

/**
 * What arrives of a message before it is whole, and what is sent before it is taken, lies in memory that no later limit sees. So every
 * connection is watched from outside: how far its present message is, how fast it comes, how much waits to be read by the peer.
 */
export interface Lines {
  /** @param drop hears why the connection was cut; called once. */
  watch(connection: Connection, drop: (code: LineFault) => void): Line;
  close(): void;
}

export interface Line {
  /** From now on it may send whole messages. */
  introduced(): void;
  /** Bytes on their way to a peer that has not taken them yet. */
  waiting(): number;
}

export type LineFault = 'too_slow' | 'too_long' | 'too_many_packets' | 'too_many_connects' | 'not_reading';

export interface LineBounds {
  /** Of messages that have not come whole, over all connections. Beyond it only those furthest ahead are read on. */
  readonly partialBytes: number;
  /** Whoever has not said hello has nothing longer to say. */
  readonly strangerBytes: number;
  /** A part of 256 KiB comes in this time over 5 KB/s. */
  readonly messageMs: number;
  /** While many wait for others' messages to become whole, these have less time. */
  readonly crowdedMessageMs: number;
  /** A few pages of candidates. Whoever asks for more than it reads is hung up on. */
  readonly waitingBytes: number;
  /** Between two looks; an honest device sends its window of parts, two packets each. */
  readonly packets: number;
  /** In all: an honest device connects and says hello, and says it again when it was told to. */
  readonly strangerPackets: number;
  readonly lookMs: number;
}

const BOUNDS: LineBounds = {
  partialBytes: 64 * 2 ** 20,
  strangerBytes: 64 * 1024,
  messageMs: 60_000,
  crowdedMessageMs: 15_000,
  waitingBytes: 8 * 2 ** 20,
  packets: 1000,
  strangerPackets: 16,
  lookMs: 250,
};
/** What a connection may connect to, each once: Socket.IO makes a socket of every such packet, before any of them is heard. */
const NAMESPACES = ['/', '/admin'];
/** For the other side to agree to the end of a connection. */
const CLOSING_MS = 1000;

interface Watched {
  readonly connection: Connection;
  readonly drop: (code: LineFault) => void;
  introduced: boolean;
  /** The connection's bytesRead when its last packet was whole. */
  readUntil: number;
  /** When the message that is coming now was first seen. */
  since: number | null;
  packets: number;
  /** Namespaces it has not asked for yet. */
  readonly left: Set<string>;
  paused: boolean;
}

/** The parts of a WebSocket that are used here; Engine.IO's types keep it to themselves. */
interface Pausable {
  pause(): void;
  resume(): void;
}

export function createLines(bounds: LineBounds = BOUNDS): Lines {
  const now = () => performance.now();
  const lines = new Set<Watched>();
  const looking = setInterval(look, bounds.lookMs);
  looking.unref();

  const partialOf = ({ connection, readUntil }: Watched) => connection.request.socket.bytesRead - readUntil;
  const waitingOf = ({ connection }: Watched) => connection.request.socket.writableLength;

  function faultOf(line: Watched, crowded: boolean): LineFault | undefined {
    const partial = partialOf(line);
    if (partial === 0 || line.paused) line.since = null;
    else line.since ??= now();
    if (line.introduced) line.packets = 0;
    if (!line.introduced && partial > bounds.strangerBytes) return 'too_long';
    if (line.since !== null && now() - line.since > (crowded ? bounds.crowdedMessageMs : bounds.messageMs))
      return 'too_slow';
    return waitingOf(line) > bounds.waitingBytes ? 'not_reading' : undefined;
  }

  function look(): void {
    let bytes = 0;
    for (const line of lines) bytes += partialOf(line);
    const crowded = bytes > bounds.partialBytes;
    for (const line of lines) {
      const fault = faultOf(line, crowded);
      if (fault) end(line, fault);
    }
    if (!crowded) {
      for (const line of lines) setPaused(line, false);
      return;
    }
    // Those that wait do so in the kernel, where the sender's own window stops it.
    let read = 0;
    for (const line of [...lines].sort((a, b) => partialOf(b) - partialOf(a))) {
      const partial = partialOf(line);
      read += partial;
      setPaused(line, partial > 0 && read > bounds.partialBytes / 2);
    }
  }

  function setPaused(line: Watched, paused: boolean): void {
    if (line.paused === paused) return;
    line.paused = paused;
    const { socket } = line.connection.transport as unknown as { readonly socket: Pausable };
    if (paused) socket.pause();
    else socket.resume();
  }

  function end(line: Watched, fault: LineFault): void {
    if (!lines.delete(line)) return;
    cut(line.connection);
    line.drop(fault);
  }

  return {
    watch(connection, drop) {
      const { socket } = connection.request;
      const line: Watched = {
        connection,
        drop,
        introduced: false,
        readUntil: socket.bytesRead,
        since: null,
        packets: 0,
        left: new Set(NAMESPACES),
        paused: false,
      };
      lines.add(line);
      connection.on('packet', ({ data }) => {
        line.readUntil = socket.bytesRead;
        line.since = null;
        line.packets += 1;
        const namespace = namespaceOf(data);
        if (namespace !== undefined && !line.left.delete(namespace)) end(line, 'too_many_connects');
        if (line.packets > (line.introduced ? bounds.packets : bounds.strangerPackets)) end(line, 'too_many_packets');
      });
      connection.on('close', () => {
        lines.delete(line);
        // Whoever broke the protocol need not agree to the end of the connection either.
        setTimeout(() => socket.destroy(), CLOSING_MS).unref();
      });
      return {
        introduced() {
          line.introduced = true;
        },
        waiting: () => waitingOf(line),
      };
    },
    close: () => clearInterval(looking),
  };
}

/** Without a farewell, as the other side may be one that reads nothing, and at once: what came in the same segment is not heard any more. */
export function cut(connection: Connection): void {
  connection.close(true);
  connection.request.socket.destroy();
}

/** What a packet of Socket.IO connects to; undefined when it is not one that connects. */
function namespaceOf(data: unknown): string | undefined {
  const connect = typeof data === 'string' ? /^0(\/[^,]*)?/.exec(data) : null;
  return connect ? (connect[1] ?? '/') : undefined;
}
