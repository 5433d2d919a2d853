import type { Dataset } from '@sotto/learner/dataset';
import type { TaskRevisionView } from '@sotto/protocol/admin/tasks';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Draft } from './draft.ts';
import type { ExamplesOf } from './examples-fit.ts';

/** A model.json that somebody brought, with the files beside it. */
export interface ModelUpload {
  readonly name: string;
  readonly json: string;
  readonly shards: ReadonlyMap<string, Uint8Array>;
}

/** What a draft is besides words: too large to be written at every keystroke. */
export interface Attachments {
  readonly model: ModelUpload | null;
  /** Examples to judge models by; null: none yet, or those that the task has. */
  readonly heldOut: Dataset | null;
  /** Examples to hand out. */
  readonly sample: Dataset | null;
  /** What the draft made of these examples when they were brought. */
  readonly broughtFor: ExamplesOf | null;
}

export const NO_ATTACHMENTS: Attachments = { model: null, heldOut: null, sample: null, broughtFor: null };

export interface KeptDraft {
  readonly draft: Draft;
  /** What it changes; null: it makes a new task. */
  readonly base: TaskRevisionView | null;
  /** When it was last changed. */
  readonly at: number;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: KeptDraft };
  attachments: { key: string; value: Attachments };
}

/** With a dot, so that it is no device's vault, whatever the device is called. */
const DATABASE = 'sotto.drafts';

/** Opened for each use: a connection that stays open would keep another tab from deleting it. */
async function within<T>(use: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  const db = await openDB<Schema>(DATABASE, 1, {
    upgrade(opened) {
      opened.createObjectStore('drafts');
      opened.createObjectStore('attachments');
    },
  });
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

/** Drafts survive a reload: in this browser alone, until they are saved or thrown away. `key`: the task's id, or '' of a new one. */
export function recallDraft(key: string): Promise<(KeptDraft & { readonly attachments: Attachments }) | null> {
  return within(async (db) => {
    const kept = await db.get('drafts', key);
    return kept ? { ...kept, attachments: (await db.get('attachments', key)) ?? NO_ATTACHMENTS } : null;
  });
}

export async function keepDraft(key: string, kept: KeptDraft): Promise<void> {
  await within((db) => db.put('drafts', kept, key));
}

export async function keepAttachments(key: string, attachments: Attachments): Promise<void> {
  await within((db) => db.put('attachments', attachments, key));
}

export async function forgetDraft(key: string): Promise<void> {
  await within((db) => Promise.all([db.delete('drafts', key), db.delete('attachments', key)]));
}
