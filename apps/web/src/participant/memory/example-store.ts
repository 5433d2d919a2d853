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

/** Whether examples were written, and what is kept now. */
export interface Keeping {
  readonly written: boolean;
  readonly about: KeptExamples;
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

/**
 * Puts them in the place of those of the moment `over` (null: of none): both parts or, when there is no room, neither.
 * @returns what is kept then; nothing was written where it is of another moment than `over`, and not of these
 * @throws DOMException `QuotaExceededError`
 */
export async function keepExamples(place: Place, data: Dataset, over: number | null): Promise<Keeping> {
  const about = { at: Date.now(), count: data.labels.length, bytes: bytesOf(data), form: formOf(place.task) };
  // A view would be stored with the whole buffer behind it.
  const own = { ...data, inputs: data.inputs.slice(), labels: data.labels.slice() };
  return within(async (db) => {
    const transaction = db.transaction(['about', 'examples'], 'readwrite', { durability: 'strict' });
    const there = await transaction.objectStore('about').get(keyOf(place));
    if (there && there.at !== over) {
      await transaction.done;
      return { written: false, about: there };
    }
    // Where all fail together, only the end of the transaction tells why.
    const [, end] = await Promise.allSettled([
      Promise.all([
        transaction.objectStore('examples').put(own, keyOf(place)),
        transaction.objectStore('about').put(about, keyOf(place)),
      ]),
      transaction.done,
    ]);
    if (end.status === 'rejected') throw await reasonOf(end.reason, about.bytes);
    return { written: true, about };
  });
}

/** Some browsers end a transaction for want of room without saying that it is that. */
async function reasonOf(reason: unknown, bytes: number): Promise<unknown> {
  if (!(reason instanceof DOMException && reason.name === 'AbortError')) return reason;
  const { usage = 0, quota } = (await navigator.storage?.estimate?.()) ?? {};
  const full = quota !== undefined && usage + bytes > quota;
  return full ? new DOMException('There is no room for these examples.', 'QuotaExceededError') : reason;
}

/** Who only looks leaves no database behind. */
async function isThere(): Promise<boolean> {
  return (await indexedDB.databases()).some(({ name }) => name === DATABASE);
}

export async function findExamples(place: Place): Promise<KeptExamples | null> {
  if (!(await isThere())) return null;
  return within(async (db) => (await db.get('about', keyOf(place))) ?? null);
}

/** Those of the moment `at`, to the byte and in the same order. Null: others or none are kept, or the task takes others now. */
export async function recallExamples(place: Place, at: number): Promise<Dataset | null> {
  if (!(await isThere())) return null;
  return within(async (db) => {
    const transaction = db.transaction(['about', 'examples']);
    const [about, data] = await Promise.all([
      transaction.objectStore('about').get(keyOf(place)),
      transaction.objectStore('examples').get(keyOf(place)),
    ]);
    return about?.at === at && about.form === formOf(place.task) ? (data ?? null) : null;
  });
}

/** Those of the moment `at`; others stay. */
export async function forgetExamples(place: Place, at: number): Promise<void> {
  if (!(await isThere())) return;
  await within(async (db) => {
    const transaction = db.transaction(['about', 'examples'], 'readwrite');
    if ((await transaction.objectStore('about').get(keyOf(place)))?.at !== at) return transaction.done;
    await Promise.all([
      transaction.objectStore('examples').delete(keyOf(place)),
      transaction.objectStore('about').delete(keyOf(place)),
      transaction.done,
    ]);
  });
}
