import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import type { Vault } from '../vault.ts';
import { isAsExpected } from './expectation.ts';
import { generateKeyPair, type KeyAlgorithm } from './key-pair.ts';

interface StoredKey {
  readonly sottoKey: KeyAlgorithm;
  readonly pkcs8: Uint8Array;
}

/**
 * The headless device's vault: one SQLite file, readable by its owner only, synced at every commit. Node cannot store a
 * non-extractable key, so private keys lie in the file as PKCS #8 and become non-extractable when they are read. What is removed is
 * overwritten, and a removed one-time key does not linger in the write-ahead log either.
 * @throws Error when another process holds this file: two of them would be one device that contradicts itself.
 */
export function openSqliteVault(file: string): Vault {
  const db = openExclusively(file);
  const select = db.prepare('SELECT value FROM entry WHERE place = ? AND key = ?');
  const scan = db.prepare('SELECT key, value FROM entry WHERE place = ? AND substr(key, 1, ?) = ? ORDER BY key');
  const put = db.prepare(
    'INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT (place, key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM entry WHERE place = ? AND key = ?');

  return {
    async get(table, key) {
      const row = select.get(table, key);
      return row && read(row.value as Uint8Array);
    },
    list: (table, prefix) =>
      Promise.all(
        scan
          .all(table, prefix.length, prefix)
          .map(async ({ key, value }) => ({ key: String(key), value: await read(value as Uint8Array) })),
      ),
    async write(batch, expected) {
      const rows = await Promise.all(
        batch.map(async (write) => ({ write, bytes: 'remove' in write ? null : await toBytes(write.value) })),
      );
      db.exec('BEGIN IMMEDIATE');
      try {
        if (expected) {
          const row = select.get(expected.table, expected.key);
          if (!isAsExpected(row && deserialize(row.value as Uint8Array), expected)) {
            db.exec('ROLLBACK');
            return false;
          }
        }
        for (const { write, bytes } of rows)
          if (bytes === null) remove.run(write.table, write.key);
          else put.run(write.table, write.key, bytes);
        db.exec('COMMIT');
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
      if (batch.some((write) => 'remove' in write && write.table === 'one-time-keys'))
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return true;
    },
    createKeys: (algorithm) => generateKeyPair(algorithm, true),
    close: () => db.close(),
  };
}

function openExclusively(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    chmodSync(file, 0o600);
    // The lock is taken by the first transaction and kept until the file is closed.
    db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS entry (place TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (place, key)) WITHOUT ROWID;
      COMMIT`);
    return db;
  } catch (error) {
    db.close();
    if (!(error instanceof Error && error.message.includes('locked'))) throw error;
    throw new Error(
      `${file} is in use: another process is this device. End it first, or give this one a state folder of its own.`,
      { cause: error },
    );
  }
}

async function toBytes(value: unknown): Promise<Uint8Array> {
  return serialize(
    await replaceKeys(value, async (key) => {
      const sottoKey = key.algorithm.name as StoredKey['sottoKey'];
      return { sottoKey, pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)) } satisfies StoredKey;
    }),
  );
}

async function read(bytes: Uint8Array): Promise<unknown> {
  const value: unknown = deserialize(bytes);
  if (!isRecord(value)) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([name, field]): Promise<[string, unknown]> => {
      if (!isRecord(field) || !('sottoKey' in field)) return [name, field];
      const { sottoKey, pkcs8 } = field as unknown as StoredKey;
      const use: KeyUsage[] = sottoKey === 'Ed25519' ? ['sign'] : ['deriveBits'];
      return [name, await crypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), sottoKey, false, use)];
    }),
  );
  return Object.fromEntries(entries);
}

/** Keys stand at the top level of a record, nowhere deeper. */
async function replaceKeys(value: unknown, replace: (key: CryptoKey) => Promise<unknown>): Promise<unknown> {
  if (!isRecord(value)) return value;
  const entries = await Promise.all(
    Object.entries(value).map(
      async ([name, field]) => [name, field instanceof CryptoKey ? await replace(field) : field] as const,
    ),
  );
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value);
}
