import { TABLES, type Table, type Vault } from '../vault.ts';
import { isAsExpected } from './expectation.ts';
import { generateKeyPair } from './key-pair.ts';

/** Forgets everything with the process: for simulations and one-off participants. */
export function createMemoryVault(): Vault {
  const tables = new Map<Table, Map<string, unknown>>(TABLES.map((table) => [table, new Map()]));
  return {
    get: async (table, key) => structuredClone(tables.get(table)!.get(key)),
    list: async (table, prefix) =>
      [...tables.get(table)!]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value: structuredClone(value) })),
    async write(batch, expected) {
      if (expected && !isAsExpected(tables.get(expected.table)!.get(expected.key), expected)) return false;
      const copies = batch.map((write) => structuredClone(write));
      for (const write of copies)
        if ('remove' in write) tables.get(write.table)!.delete(write.key);
        else tables.get(write.table)!.set(write.key, write.value);
      return true;
    },
    createKeys: (algorithm) => generateKeyPair(algorithm, false),
    close() {},
  };
}
