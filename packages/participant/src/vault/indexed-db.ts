import { type IDBPDatabase, openDB } from 'idb';
import { TABLES, type Vault } from '../vault.ts';
import { isAsExpected } from './expectation.ts';
import { generateKeyPair } from './key-pair.ts';

/** The database of one of this browser's devices; null: the one that a page is when its address names none. */
export function vaultName(device: string | null): string {
  return device === null ? 'sotto' : `sotto-${device}`;
}

/** The page's vault. IndexedDB keeps CryptoKeys as they are: non-extractable, even for this origin's own scripts. */
export async function openIndexedDbVault(name = vaultName(null)): Promise<Vault> {
  const db: IDBPDatabase = await openDB(name, 3, {
    upgrade(opened) {
      for (const table of TABLES) if (!opened.objectStoreNames.contains(table)) opened.createObjectStore(table);
    },
    // Another tab deletes or upgrades the database: let it, and fail the next call here.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return {
    get: (table, key) => db.get(table, key),
    async list(table, prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [keys, values] = await Promise.all([db.getAllKeys(table, range), db.getAll(table, range)]);
      return keys.map((key, i) => ({ key: String(key), value: values[i] as unknown }));
    },
    async write(batch, expected) {
      const tables = new Set(batch.map(({ table }) => table));
      if (expected) tables.add(expected.table);
      const transaction = db.transaction([...tables], 'readwrite', { durability: 'strict' });
      if (expected) {
        const stored: unknown = await transaction.objectStore(expected.table).get(expected.key);
        if (!isAsExpected(stored, expected)) {
          await transaction.done;
          return false;
        }
      }
      const requests: Promise<unknown>[] = [transaction.done];
      try {
        for (const write of batch) {
          const store = transaction.objectStore(write.table);
          requests.push('remove' in write ? store.delete(write.key) : store.put(write.value, write.key));
        }
      } catch (error) {
        // What cannot be cloned throws here, and the transaction would commit what came before it.
        transaction.abort();
        await Promise.allSettled(requests);
        throw error;
      }
      await Promise.all(requests);
      return true;
    },
    createKeys: (algorithm) => generateKeyPair(algorithm, false),
    close: () => db.close(),
  };
}
