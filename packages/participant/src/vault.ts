import type { KeyAlgorithm } from './vault/key-pair.ts';

/**
 * What a device must not lose and must not say twice, in one database: its identity, what it contributed, its sealed updates on their
 * way, and as a committee member its one-time keys and answers. Together, so that an eviction loses keys and records alike.
 */
export const TABLES = ['identity', 'contributions', 'outbox', 'one-time-keys', 'members'] as const;
export type Table = (typeof TABLES)[number];

export type Write =
  | { readonly table: Table; readonly key: string; readonly value: unknown }
  | { readonly table: Table; readonly key: string; readonly remove: true };

/** Values are structured-cloneable: records, byte arrays, and (with `createKeys`' keys) CryptoKeys. */
export interface Vault {
  get(table: Table, key: string): Promise<unknown>;
  /** Entries whose key begins with `prefix`, ascending by key. */
  list(table: Table, prefix: string): Promise<{ key: string; value: unknown }[]>;
  /** All or nothing, and on disk when the promise resolves. */
  write(batch: readonly Write[]): Promise<void>;
  /** A key pair this vault can keep; the private key is non-extractable wherever the platform stores such keys. */
  createKeys(algorithm: KeyAlgorithm): Promise<CryptoKeyPair>;
  close(): void;
}
