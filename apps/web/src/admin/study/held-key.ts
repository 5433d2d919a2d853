import { toHex } from '@sotto/protocol/bytes';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { openStudyBackup, type StudyBackup, sealStudyBackup } from '@sotto/protocol/study-backup';
import { queryOptions } from '@tanstack/react-query';
import { openDB } from 'idb';

/** A study key as this browser holds it: it signs, and its private half never comes out. */
export interface HeldKey {
  readonly publicKey: string;
  readonly privateKey: CryptoKey;
  /** The same under a passphrase, so that the file can be saved again. */
  readonly backup: StudyBackup;
}

const TABLE = 'keys';
const PLACE = 'study';

const database = () =>
  openDB('sotto-study', 1, {
    upgrade: (opened) => void opened.createObjectStore(TABLE),
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

async function inDatabase<T>(work: (db: Awaited<ReturnType<typeof database>>) => Promise<T>): Promise<T> {
  const db = await database();
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** Null: this browser holds none. */
export const heldKeyQuery = queryOptions({
  queryKey: ['study-key'],
  queryFn: async () => ((await inDatabase((db) => db.get(TABLE, PLACE))) as HeldKey | undefined) ?? null,
  networkMode: 'always',
  staleTime: Number.POSITIVE_INFINITY,
});

async function keep(publicKey: string, pkcs8: Uint8Array<ArrayBuffer>, backup: StudyBackup): Promise<HeldKey> {
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const held: HeldKey = { publicKey, privateKey, backup };
  await inDatabase((db) => db.put(TABLE, held, PLACE));
  return held;
}

/** A new study key: extractable for as long as it takes to make its backup, and never again. */
export async function makeKey(passphrase: string): Promise<HeldKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const backup = await sealStudyBackup({ publicKey, privateKey: pkcs8 }, passphrase);
  const held = await keep(publicKey, pkcs8, backup);
  pkcs8.fill(0);
  return held;
}

export async function restoreKey(backup: StudyBackup, passphrase: string): Promise<HeldKey | Rejection> {
  const pkcs8 = await openStudyBackup(backup, passphrase);
  if (isRejection(pkcs8)) return pkcs8;
  const held = await keep(backup.publicKey, pkcs8, backup);
  pkcs8.fill(0);
  return held;
}

export const forgetKey = (): Promise<void> => inDatabase((db) => db.delete(TABLE, PLACE));
