/** The one-time token of the start-up link `/admin#token=…`; it leaves the address at once, and with it the history. */
export function takeToken(): string | null {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}
