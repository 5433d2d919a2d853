import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

  it('leaves nothing of a removed one-time key in its files, open or closed', async () => {
    const path = file();
    const bytesOf = () => {
      const folder = dirname(path);
      return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    };
    const vault = openSqliteVault(path);
    const secrets: Buffer[] = [];
    for (const key of ['a', 'b', 'c']) {
      const { privateKey } = await vault.createKeys('X25519');
      secrets.push(Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).subarray(-32));
      await vault.write([{ table: 'one-time-keys', key, value: { privateKey } }]);
    }
    expect(secrets.map((secret) => bytesOf().includes(secret))).toEqual([true, true, true]);
    for (const key of ['a', 'c']) await vault.write([{ table: 'one-time-keys', key, remove: true }]);
    expect(secrets.map((secret) => bytesOf().includes(secret))).toEqual([false, true, false]);
    vault.close();
    expect(secrets.map((secret) => bytesOf().includes(secret))).toEqual([false, true, false]);
  });

  it('is one process’s at a time: a second one is told so, and gets in once the first has gone', () => {
    const path = file();
    const first = openSqliteVault(path);
    expect(() => openSqliteVault(path)).toThrow(/is in use: another process is this device/);
    first.close();
    openSqliteVault(path).close();
  });
});
