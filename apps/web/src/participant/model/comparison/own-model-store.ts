import type { Dataset } from '@sotto/learner/dataset';
import type { Evaluation } from '@sotto/learner/evaluation';
import { toHex } from '@sotto/protocol/bytes';
import { openDB } from 'idb';
import type { CoursePoint } from './own-training.ts';

/** Called `sotto…` like all others of this page: that is how forgetting everything finds it. With a dot it is no device's vault. */
const MODEL_DATABASE = 'sotto.models';
const TABLE = 'own';

/** A model trained on the person's examples alone, with what is needed to compare it again. */
export interface OwnModel {
  readonly task: string;
  /** Hash of the model it began from, the run's round 0. */
  readonly initial: string;
  /** Of the examples it was trained on, kept-aside ones included: see `digestOf`. */
  readonly data: string;
  readonly examples: number;
  readonly passes: number;
  readonly at: number;
  readonly model: Uint8Array<ArrayBuffer>;
  /** On the examples kept aside. */
  readonly evaluation: Evaluation;
  readonly course: readonly CoursePoint[];
}

/** SHA-256, hex, of the digests of inputs and labels: tells whether the same examples are chosen again. */
export async function digestOf({ inputs, labels }: Dataset): Promise<string> {
  const digest = async (bytes: ArrayBufferView) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as ArrayBufferView<ArrayBuffer>));
  const parts = await Promise.all([digest(inputs), digest(labels)]);
  return toHex(await digest(Uint8Array.from(parts.flatMap((part) => [...part]))));
}

/** Opened for each use and closed again: an open database could not be deleted. */
async function withDatabase<T>(use: (database: Awaited<ReturnType<typeof openDB>>) => Promise<T>): Promise<T> {
  const database = await openDB(MODEL_DATABASE, 1, { upgrade: (fresh) => void fresh.createObjectStore(TABLE) });
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

/** Several devices of one browser each have their own. */
const keyOf = (task: string, device: string | null) => `${device ?? ''}/${task}`;

/** The task's, if one is kept. Rejects where the browser gives no storage, like the two below. */
export async function loadOwnModel(task: string, device: string | null): Promise<OwnModel | null> {
  // A page that only looks must leave no database behind.
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === MODEL_DATABASE)) return null;
  return withDatabase(
    async (database) => ((await database.get(TABLE, keyOf(task, device))) as OwnModel | undefined) ?? null,
  );
}

/** In the place of the task's last one. */
export function keepOwnModel(own: OwnModel, device: string | null): Promise<void> {
  return withDatabase(async (database) => void (await database.put(TABLE, own, keyOf(own.task, device))));
}

export function deleteOwnModel(task: string, device: string | null): Promise<void> {
  return withDatabase((database) => database.delete(TABLE, keyOf(task, device)));
}
