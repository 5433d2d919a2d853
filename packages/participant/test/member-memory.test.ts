import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { createMemoryVault } from '../src/vault/memory.ts';
import { openSqliteVault } from '../src/vault/sqlite.node.ts';
import type { Vault } from '../src/vault.ts';
import { MEMORY_CASES } from './member-memory.ts';

describe('a device with the memory vault', () => {
  for (const { promise, run } of MEMORY_CASES)
    it(promise, () => {
      const vaults = new Map<string, Vault>();
      return run((name) => {
        const vault = vaults.get(name) ?? createMemoryVault();
        vaults.set(name, vault);
        return vault;
      });
    });
});

describe('a device with the SQLite vault', () => {
  for (const { promise, run } of MEMORY_CASES)
    it(promise, () => {
      const folder = mkdtempSync(join(tmpdir(), 'sotto-member-'));
      return run((name) => openSqliteVault(join(folder, name)));
    });
});
