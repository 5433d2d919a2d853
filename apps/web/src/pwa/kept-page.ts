import { DEVICE_LOCK } from '../session/device-lock.ts';

/** Deletes the copy of the page for times without a network, and the worker that keeps it. @returns how many caches there were. None over plain http, but on localhost. */
export async function dropKeptPage(): Promise<number> {
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  const installing = workers.flatMap((worker) => worker.installing ?? []);
  await Promise.all(workers.map((worker) => worker.unregister()));
  await Promise.all(installing.map(settled));
  if (!('caches' in globalThis)) return 0;
  const names = await caches.keys();
  await Promise.all(names.map((name) => caches.delete(name)));
  return names.length;
}

/** One that is still being installed goes on filling its caches until it is done, though nobody wants it any more. */
async function settled(worker: ServiceWorker): Promise<void> {
  while (worker.state === 'installing')
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
}

/**
 * Drops what this browser keeps of the page, and loads it from the server.
 * @param files those of which it is known to have a copy that is not the server's
 * @returns false, and nothing is done, while a tab takes part: its round would be lost with it
 */
export async function fetchPageAnew(files: readonly string[]): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  if (held.some(({ name }) => name?.startsWith(DEVICE_LOCK))) return false;
  await dropKeptPage();
  // The browser's own cache keeps what is named by its content for a year.
  await Promise.allSettled(files.map(async (file) => (await fetch(`/${file}`, { cache: 'reload' })).arrayBuffer()));
  location.reload();
  return true;
}
