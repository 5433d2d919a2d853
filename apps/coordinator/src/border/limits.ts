/**
 * How much one sender may ask for before it is told to wait. Generous for honest devices: a thousand behind one address, loading their pages, fit;
 * what one request or one connection may hold is fixed by the protocol and not among these.
 */
export interface Limits {
  /** Open TCP connections, over all addresses. */
  readonly connections: number;
  /** Open connections of one address that have not said who they are. */
  readonly connectionsPerAddress: number;
  /** Connected devices of one address. */
  readonly devicesPerAddress: number;
  /** New sockets of one address in a minute. */
  readonly connectsPerMinute: number;
  /** HTTP requests of one address in a minute. */
  readonly httpPerMinute: number;
  /** Messages of one device in a second, as a mean over ten. */
  readonly messagesPerSecond: number;
  /** Messages of all devices of one address in a second, as a mean over ten. */
  readonly messagesPerAddressSecond: number;
  /** Seconds in which a connection asks for something, and a socket says who it is. */
  readonly helloSeconds: number;
  /** Seconds between two signs of life that a socket is asked for; one that gives none for as long again is gone. */
  readonly heartbeatSeconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 10_000,
  connectionsPerAddress: 6000,
  devicesPerAddress: 5000,
  connectsPerMinute: 6000,
  httpPerMinute: 60_000,
  messagesPerSecond: 200,
  messagesPerAddressSecond: 2000,
  helloSeconds: 20,
  heartbeatSeconds: 25,
};

/** “name=number” pairs, separated by commas, over the defaults. Undefined when a name is unknown or a number is none. */
export function parseLimits(text: string): Limits | undefined {
  const pairs = text.split(',').map((pair) => /^\s*([A-Za-z]+)\s*=\s*([1-9]\d{0,8})\s*$/.exec(pair));
  if (!pairs.every((pair) => pair !== null && Object.hasOwn(DEFAULT_LIMITS, pair[1]!))) return undefined;
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(pairs.map((pair) => [pair![1]!, Number(pair![2])])) };
}
