import { askForNewVersion, watchForNewVersions } from './new-version.ts';

/** Held by every open page; how many hold it tells whether this one is alone. */
const OPEN = 'sotto/page';

/** On which a tab tells all others, and all of itself, that everything is being forgotten. */
export const FORGET_CHANNEL = 'sotto.forget';

/** After a while, unless everything is forgotten meanwhile: a copy of the page would be back behind the back of whoever wanted it gone. */
export function keepPageSoon(ms: number): void {
  const forgetting = new BroadcastChannel(FORGET_CHANNEL);
  const timer = setTimeout(() => {
    forgetting.close();
    void keepPage();
  }, ms);
  forgetting.onmessage = () => clearTimeout(timer);
}

/**
 * Keeps the page for times without a network, and for tabs whose version the server no longer has. Where service workers are not to be
 * had, the page works all the same.
 */
async function keepPage(): Promise<void> {
  watchForNewVersions();
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  if (connection?.saveData) return;
  if (!('serviceWorker' in navigator) || !window.isSecureContext || !navigator.locks) return;
  void navigator.locks.request(OPEN, { mode: 'shared' }, () => new Promise<never>(() => {}));
  try {
    const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
    const settle = () => void takeTurn(registration);
    settle();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', settle);
    });
  } catch {
    // Blocked by a setting or the network: then there is no page for offline times.
  }
}

/**
 * A new worker replaces the old, and with it the files it kept, once no tab needs these: this is the only one, and of the new version.
 * Otherwise the browser does so when all tabs are closed.
 */
async function takeTurn({ waiting, active }: ServiceWorkerRegistration): Promise<void> {
  if (!waiting || !active) return;
  if (await askForNewVersion()) return;
  const { held = [] } = await navigator.locks.query();
  if (held.filter(({ name }) => name === OPEN).length === 1) waiting.postMessage({ type: 'SKIP_WAITING' });
}
