import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** Whose examples of what: several devices of one browser each have their own. */
export interface Place {
  readonly task: TaskManifest;
  readonly device: string | null;
}

/** What can be told of kept examples without reading them. */
export interface KeptExamples {
  /** When they were kept. */
  readonly at: number;
  readonly count: number;
  readonly bytes: number;
  /** What the task made of examples then; see `formOf`. */
  readonly form: string;
}

interface Schema extends DBSchema {
  about: { key: string; value: KeptExamples };
  examples: { key: string; value: Dataset };
}

/** With a dot, so that it is no device's vault, whatever the device is called. */
const DATABASE = 'sotto.examples';

/** Opened for each use: a connection that stays open would keep another tab from deleting it. */
async function within<T>(use: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  const db = await openDB<Schema>(DATABASE, 1, {
    upgrade(opened) {
      opened.createObjectStore('about');
      opened.createObjectStore('examples');
    },
  });
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

const keyOf = ({ task, device }: Place) => `${device ?? ''}/${task.id}`;

/** Changes whenever examples that were made for the task before no longer fit it. */
export function formOf({ classes, input }: TaskManifest): string {
  return JSON.stringify({ classes, input });
}

export function bytesOf({ inputs, labels }: Dataset): number {
  return inputs.byteLength + labels.byteLength;
}

/** Puts them in the place of what was there: both parts or, when there is no room, neither. @throws DOMException `QuotaExceededError` */
export async function keepExamples(place: Place, data: Dataset): Promise<KeptExamples> {
  const about = { at: Date.now(), count: data.labels.length, bytes: bytesOf(data), form: formOf(place.task) };
  // A view would be stored with the whole buffer behind it.
  const own = { ...data, inputs: data.inputs.slice(), labels: data.labels.slice() };
  await within(async (db) => {
    const transaction = db.transaction(['about', 'examples'], 'readwrite', { durability: 'strict' });
    await Promise.all([
      transaction.objectStore('examples').put(own, keyOf(place)),
      transaction.objectStore('about').put(about, keyOf(place)),
      transaction.done,
    ]);
  });
  return about;
}

/** Who only looks leaves no database behind. */
async function isThere(): Promise<boolean> {
  return (await indexedDB.databases()).some(({ name }) => name === DATABASE);
}

export async function findExamples(place: Place): Promise<KeptExamples | null> {
  if (!(await isThere())) return null;
  return within(async (db) => (await db.get('about', keyOf(place))) ?? null);
}

/** As they were kept, to the byte and in the same order. Null: there are none, or the task takes others now. */
export async function recallExamples(place: Place): Promise<Dataset | null> {
  if (!(await isThere())) return null;
  return within(async (db) => {
    const transaction = db.transaction(['about', 'examples']);
    const [about, data] = await Promise.all([
      transaction.objectStore('about').get(keyOf(place)),
      transaction.objectStore('examples').get(keyOf(place)),
    ]);
    return about?.form === formOf(place.task) ? (data ?? null) : null;
  });
}

export async function forgetExamples(place: Place): Promise<void> {
  if (!(await isThere())) return;
  await within(async (db) => {
    const transaction = db.transaction(['about', 'examples'], 'readwrite');
    await Promise.all([
      transaction.objectStore('examples').delete(keyOf(place)),
      transaction.objectStore('about').delete(keyOf(place)),
      transaction.done,
    ]);
  });
}
