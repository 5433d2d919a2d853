import { deleteDB } from 'idb';

/** What was deleted, as counts. */
export interface Forgotten {
  readonly databases: number;
  readonly settings: number;
  readonly offline: number;
}

/** What the pages store is called so, or is the router's; caches and service workers are all ours. */
const PREFIX = /^(sotto|react-router-)/i;
const CHANNEL = 'sotto.forget';

/**
 * Deletes all that the pages keep in this browser: keys and records of every device, remembered examples, models, choices, and the copy of
 * the page for when there is no network. Other tabs are told first, as what they hold open cannot be deleted.
 * @param onWaiting is told when a database waits for another tab to be closed, and deletion with it
 */
export async function forgetEverything(onWaiting: () => void): Promise<Forgotten> {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('forget');
  channel.close();
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  const installing = workers.flatMap((worker) => worker.installing ?? []);
  await Promise.all(workers.map((worker) => worker.unregister()));
  await Promise.all(installing.map(settled));
  const offline = await deleteCaches();
  const names = (await indexedDB.databases()).flatMap(({ name = '' }) => (PREFIX.test(name) ? [name] : []));
  await Promise.all(names.map((name) => deleteDB(name, { blocked: onWaiting })));
  return { databases: names.length, settings: deleteItems(localStorage) + deleteItems(sessionStorage), offline };
}

/** Calls when another tab forgets everything. @returns a function that stops listening */
export function onForgottenElsewhere(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}

/** One that is still being installed goes on filling its caches until it is done, though nobody wants it any more. */
async function settled(worker: ServiceWorker): Promise<void> {
  while (worker.state === 'installing')
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
}

/** There are none over plain http, but on localhost. */
async function deleteCaches(): Promise<number> {
  if (!('caches' in globalThis)) return 0;
  const names = await caches.keys();
  await Promise.all(names.map((name) => caches.delete(name)));
  return names.length;
}

function deleteItems(storage: Storage): number {
  const keys = Object.keys(storage).filter((key) => PREFIX.test(key));
  for (const key of keys) storage.removeItem(key);
  return keys.length;
}
