import type { KeyAlgorithm } from './vault/key-pair.ts';

/**
 * What a device must not lose and must not say twice, in one database: its identity, what it contributed, its sealed updates on their
 * way, what it sent and saw published (for receipts), every message that left it, the rounds it took part in, what it agreed to, and as a
 * committee member its one-time keys, their deadlines and its answers.
 * Together, so that an eviction loses keys and records alike.
 */
export const TABLES = [
  'identity',
  'contributions',
  'outbox',
  'receipts',
  'ledger',
  'history',
  'agreements',
  'one-time-keys',
  'key-deadlines',
  'members',
] as const;
export type Table = (typeof TABLES)[number];

export type Write =
  | { readonly table: Table; readonly key: string; readonly value: unknown }
  | { readonly table: Table; readonly key: string; readonly remove: true };

/** What must still stand under a key for a batch to be written; `value` is JSON, undefined for nothing. */
export interface Expectation {
  readonly table: Table;
  readonly key: string;
  readonly value: unknown;
}

/** Values are structured-cloneable: records, byte arrays, and (with `createKeys`' keys) CryptoKeys. */
export interface Vault {
  get(table: Table, key: string): Promise<unknown>;
  /** Entries whose key begins with `prefix`, ascending by key. */
  list(table: Table, prefix: string): Promise<{ key: string; value: unknown }[]>;
  /**
   * All or nothing, and on disk when the promise resolves. With an expectation, compare-and-set in one transaction: what a device says
   * once stays said once when two sessions share its vault.
   * @returns false, with nothing written, when what is stored is not what was expected.
   */
  write(batch: readonly Write[], expected?: Expectation): Promise<boolean>;
  /** A key pair this vault can keep; the private key is non-extractable wherever the platform stores such keys. */
  createKeys(algorithm: KeyAlgorithm): Promise<CryptoKeyPair>;
  close(): void;
}
