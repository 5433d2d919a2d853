/** Who may talk to this coordinator: pages of its own origin, by each name that a machine has for itself, and what is no page at all. */
export function allowOrigin(publicUrl: string): (origin: string | undefined) => boolean {
  const own = new URL(publicUrl);
  const names = isLoopback(own.hostname) ? ['localhost', '127.0.0.1', '[::1]'] : [own.hostname];
  const allowed = new Set(names.map((name) => new URL(`${own.protocol}//${name}${own.port && `:${own.port}`}`).origin));
  return (origin) => origin === undefined || allowed.has(origin);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
