/** What the coordinator's codes in `/admin#refused=…` mean to whoever comes back from the sign-in service. */
const REFUSALS: Readonly<Record<string, string>> = {
  sign_in_expired: 'This sign-in took too long, or was begun in another browser. Try again.',
  sign_in_denied: 'The sign-in service refused, or you cancelled. Nothing has changed.',
  sign_in_failed:
    'What the sign-in service answered does not fit what was asked. Try again; the coordinator’s log says more.',
  sign_in_no_role: 'You are known to the sign-in service, but may not run or see studies here. Ask an admin.',
  sign_in_unavailable: 'The sign-in service does not answer. Try again later, or sign in with a token.',
  too_many_requests: 'Too many refused attempts from this address. Wait a minute and try again.',
};

/** The reason in the address, which leaves it at once. */
export function takeRefusal(): string | null {
  const code = /^#refused=(\w+)$/.exec(location.hash)?.[1];
  if (code === undefined) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return REFUSALS[code] ?? 'The sign-in was refused. Try again.';
}
