import type { Table, Vault } from '../vault.ts';
import { TABLES } from '../vault.ts';

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
    async write(batch) {
      const copies = batch.map((write) => structuredClone(write));
      for (const write of copies)
        if ('remove' in write) tables.get(write.table)!.delete(write.key);
        else tables.get(write.table)!.set(write.key, write.value);
    },
    createKeys: async (algorithm) =>
      (await crypto.subtle.generateKey(algorithm, false, usages(algorithm))) as CryptoKeyPair,
    close() {},
  };
}

export function usages(algorithm: 'Ed25519' | 'X25519'): KeyUsage[] {
  return algorithm === 'Ed25519' ? ['sign', 'verify'] : ['deriveBits'];
}
