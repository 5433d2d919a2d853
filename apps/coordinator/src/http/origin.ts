import type { IncomingHttpHeaders } from 'node:http';

/** Who may talk to this coordinator: pages of its own origin, by each name that a machine has for itself, and what is no page at all. */
export function allowOrigin(publicUrl: string): (origin: string | undefined) => boolean {
  const allowed = new Set(addressesOf(publicUrl).map(({ origin }) => origin));
  return (origin) => origin === undefined || allowed.has(origin);
}

/**
 * Whether a request that changes something may be obeyed. Browsers say whose page sends it; what says nothing and brings no cookie is no
 * browser, and has no rights that somebody could borrow.
 */
export function allowChange(headers: IncomingHttpHeaders, allowsOrigin: (origin: string) => boolean): boolean {
  const { origin, cookie, 'sec-fetch-site': site } = headers;
  if (origin !== undefined) return allowsOrigin(origin);
  return site === undefined ? cookie === undefined : site === 'same-origin';
}

/**
 * By which names it may be called: those of its own addresses. A page of anybody's can have its own name point at this machine (DNS
 * rebinding) and would then be of one origin with the coordinator; the Host header still tells.
 */
export function allowHost(urls: readonly string[]): (host: string | undefined) => boolean {
  const allowed = urls.flatMap(addressesOf);
  // The port that goes without saying is that of the address's own protocol.
  return (host) =>
    allowed.some((url) => host !== undefined && URL.parse(`${url.protocol}//${host}`)?.host === url.host);
}

function addressesOf(url: string): URL[] {
  const own = new URL(url);
  const names = isLoopback(own.hostname) ? ['localhost', '127.0.0.1', '[::1]'] : [own.hostname];
  return names.map((name) => new URL(`${own.protocol}//${name}${own.port && `:${own.port}`}`));
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
