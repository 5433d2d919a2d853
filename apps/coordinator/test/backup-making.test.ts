import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRejection } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import { makeBackup } from '../src/backup.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { openDatabase } from '../src/store/database.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import { copySqlite } from '../src/store/sqlite.ts';
import { isUnavailable } from '../src/unavailable.ts';
import { newFolder } from './hall.ts';

const open = (path: string) => openDatabase({ url: null, path });

it('a backup that fails leaves nothing behind, and is the machine’s fault where it is', async () => {
  const folder = openDataFolder(join(newFolder(), 'data'), 'sqlite');
  const db = await open(folder.database);
  const backUp = () => makeBackup({ folder, copyDatabase: (file) => copySqlite(db, file), now: () => 0 });
  rmSync(join(folder.path, 'coordinator.key'), { force: true });
  const gone = await backUp().catch((error: unknown) => error);
  expect(isUnavailable(gone)).toBe(true);
  expect(readdirSync(join(folder.path, 'backups'))).toEqual([]);
  // And is no obstacle to the next one, of the same moment even.
  writeFileSync(join(folder.path, 'coordinator.key'), 'key');
  const made = await backUp();
  if (isRejection(made)) throw new Error(made.message);
  expect(readdirSync(made.folder)).toContain('coordinator.key');
  expect(existsSync(join(made.folder, 'sotto.sqlite'))).toBe(true);
  await db.destroy();
});

it('a copy of the database is of one moment, without half a transaction, and does not stop the event loop', async () => {
  const folder = newFolder();
  const db = await open(join(folder, 'sotto.sqlite'));
  const store = createSqlStore(db);
  const value = 'x'.repeat(100_000);
  for (let n = 0; n < 100; n++) await store.audit(n, 'Ada', 'before', value);
  const half = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const transaction = db.transaction().execute(async (own) => {
    for (const name of ['one', 'two']) {
      await own.insertInto('meta').values({ name, value }).execute();
      begun.resolve();
      await half.promise;
    }
  });
  await begun.promise;
  const copy = join(folder, 'copy.sqlite');
  let copied = false;
  const copying = copySqlite(db, copy).then(() => {
    copied = true;
  });
  half.resolve();
  await transaction;
  let turns = 0;
  const turn = () => {
    turns += 1;
    if (!copied) setImmediate(turn);
  };
  setImmediate(turn);
  const later = store.audit(1000, 'Ada', 'later', null);
  await Promise.all([copying, later]);
  expect(turns).toBeGreaterThan(2);
  const restored = await open(copy);
  const names = await restored.selectFrom('meta').select('name').where('name', 'in', ['one', 'two']).execute();
  expect(names).toHaveLength(2);
  expect((await createSqlStore(restored).auditEntries(1))[0]!.action).toBe('before');
  expect((await store.auditEntries(1))[0]!.action).toBe('later');
  await restored.destroy();
  await db.destroy();
});

it('a copy that cannot be written is the machine’s fault', async () => {
  const folder = newFolder();
  const db = await open(join(folder, 'sotto.sqlite'));
  mkdirSync(join(folder, 'copy.sqlite'));
  const failed = await copySqlite(db, join(folder, 'copy.sqlite')).catch((error: unknown) => error);
  expect(isUnavailable(failed)).toBe(true);
  await db.destroy();
});
