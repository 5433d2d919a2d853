import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';

/** Where a request comes from, as far as limits are concerned. */
export interface Sender {
  /** What is counted under: an IPv4 address, or the /64 of an IPv6 one, as a single household has all of it. */
  readonly address: string;
  /** From a network that no limit by address applies to. */
  readonly unlimited: boolean;
}

export interface Senders {
  /** Believes X-Forwarded-For as far as trusted proxies wrote it. */
  of(request: Pick<IncomingMessage, 'headers' | 'socket'>): Sender;
  /** Of a connection that has not said anything yet; undefined where a trusted proxy speaks for others. */
  ofPeer(remoteAddress: string | undefined): Sender | undefined;
}

/** @param warn hears once of a proxy on this machine that nobody told us to trust: everybody behind it looks like one sender. */
export function createSenders(
  trustedProxies: readonly string[],
  unlimitedNetworks: readonly string[],
  warn: (message: string) => void,
): Senders {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  const isUnlimited = proxyAddr.compile([...unlimitedNetworks]);
  let warned = false;
  const sender = (address: string, unlimited = isUnlimited(address, 0)): Sender => ({
    address: networkOf(address),
    unlimited,
  });
  return {
    of(request) {
      const peer = request.socket.remoteAddress;
      // Gone already; nobody will read the answer.
      if (peer === undefined) return { address: 'unknown', unlimited: false };
      if (request.headers['x-forwarded-for'] === undefined) return sender(peer);
      if (isTrusted(peer, 0)) return sender(proxyAddr(request as IncomingMessage, isTrusted));
      if (!warned && isUnlimited(peer, 0)) {
        warned = true;
        warn(
          `Requests from ${peer} carry X-Forwarded-For. If that is your reverse proxy, set SOTTO_TRUSTED_PROXIES=${peer}; until then all who come through it share one sender's limits.`,
        );
      }
      return sender(peer, false);
    },
    ofPeer: (peer) =>
      peer === undefined || (trustedProxies.length > 0 && isTrusted(peer, 0)) ? undefined : sender(peer),
  };
}

/** The address itself, or the first 64 bits of an IPv6 one. */
function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (mapped) return mapped[1]!;
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined ? front : [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
