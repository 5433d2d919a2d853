import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vaultCases } from '../src/vault/conformance.ts';
import { createMemoryVault } from '../src/vault/memory.ts';
import { openSqliteVault } from '../src/vault/sqlite.node.ts';

describe('the memory vault', () => {
  for (const { promise, run } of vaultCases({ reopens: false }))
    it(promise, () => run(async () => createMemoryVault()));
});

describe('the SQLite vault', () => {
  const file = () => join(mkdtempSync(join(tmpdir(), 'sotto-vault-')), 'device.sqlite');
  for (const { promise, run } of vaultCases({ reopens: true }))
    it(promise, () => {
      const path = file();
      return run(async () => openSqliteVault(path));
    });

  it('can be read by its owner only', () => {
    const path = file();
    openSqliteVault(path).close();
    expect(statSync(path).mode & 0o077).toBe(0);
  });
});
