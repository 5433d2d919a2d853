import { deleteDB } from 'idb';
import { dropKeptPage } from '../../pwa/kept-page.ts';
import { FORGET_CHANNEL } from '../../pwa/service-worker.ts';

/** What was deleted, as counts. */
export interface Forgotten {
  readonly databases: number;
  readonly settings: number;
  readonly offline: number;
}

/** What the pages store is called so, or is the router's; caches and service workers are all ours. */
const PREFIX = /^(sotto|react-router-)/i;

/**
 * Deletes all that the pages keep in this browser: keys and records of every device, remembered examples, models, choices, and the copy of
 * the page for when there is no network. Other tabs are told first, as what they hold open cannot be deleted.
 * @param onWaiting is told when a database waits for another tab to be closed, and deletion with it
 */
export async function forgetEverything(onWaiting: () => void): Promise<Forgotten> {
  const channel = new BroadcastChannel(FORGET_CHANNEL);
  channel.postMessage('forget');
  channel.close();
  const offline = await dropKeptPage();
  const names = (await indexedDB.databases()).flatMap(({ name = '' }) => (PREFIX.test(name) ? [name] : []));
  await Promise.all(names.map((name) => deleteDB(name, { blocked: onWaiting })));
  return { databases: names.length, settings: deleteItems(localStorage) + deleteItems(sessionStorage), offline };
}

/** Calls when another tab forgets everything. @returns a function that stops listening */
export function onForgottenElsewhere(listener: () => void): () => void {
  const channel = new BroadcastChannel(FORGET_CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}

function deleteItems(storage: Storage): number {
  const keys = Object.keys(storage).filter((key) => PREFIX.test(key));
  for (const key of keys) storage.removeItem(key);
  return keys.length;
}
