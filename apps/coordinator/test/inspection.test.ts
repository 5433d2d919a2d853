import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { inspectPostgres, inspectSqlite } from '../src/store/inspection.ts';
import { describeOnPostgres, newDatabase, newRole, onServer } from './postgres.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-inspection-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a file is inspected without a trace: none, ours, one in use, one from a newer Sotto', async () => {
  const folder = newFolder();
  const path = join(folder, 'sotto.sqlite');
  expect(inspectSqlite(path)).toMatchObject({ inUse: false, problem: null });
  const open = () => openDatabase({ url: null, path });
  const database = await open();
  expect(inspectSqlite(path)).toMatchObject({ inUse: true, problem: null });
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2100')`.execute(database);
  await database.destroy();
  expect(inspectSqlite(path)).toMatchObject({ inUse: false, problem: expect.stringMatching(/newer Sotto/) });
  expect(readdirSync(folder)).toEqual(['sotto.sqlite']);
  await expect(open()).rejects.toThrow(/newer Sotto/);
});

test('a file that is damaged, or of another program, is refused as by a start', async () => {
  const folder = newFolder();
  const [garbage, foreign] = [join(folder, 'garbage'), join(folder, 'foreign')];
  writeFileSync(garbage, 'this is no database, however long it is read');
  using database = new DatabaseSync(foreign);
  database.exec('CREATE TABLE cakes (name)');
  expect(inspectSqlite(garbage).problem).toMatch(/restore it from a backup/);
  expect(inspectSqlite(foreign).problem).toMatch(/another program/);
  for (const path of [garbage, foreign]) await expect(openDatabase({ url: null, path })).rejects.toThrow();
});

describeOnPostgres('inspecting PostgreSQL', () => {
  test('an empty database will do; one in use, from a newer Sotto, or of another program is told', async () => {
    const [url, foreign] = [await newDatabase(), await newDatabase()];
    expect(await inspectPostgres(url)).toMatchObject({ inUse: false, problem: null });
    const database = await openDatabase({ url, path: '' });
    try {
      expect(await inspectPostgres(url)).toMatchObject({ inUse: true, problem: null });
      expect(await inspectPostgres(foreign)).toMatchObject({ inUse: false, problem: null });
      await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2100')`.execute(database);
    } finally {
      await database.destroy();
    }
    expect((await inspectPostgres(url)).problem).toMatch(/newer Sotto/);
    await onServer('CREATE TABLE cakes (name text)', [], foreign);
    expect((await inspectPostgres(foreign)).problem).toMatch(/another program/);
  });

  test('a role that may not make tables is told how to be given the database, and that helps', async () => {
    const role = await newRole();
    const url = Object.assign(new URL(await newDatabase()), role).href;
    const { problem } = await inspectPostgres(url);
    expect(problem).toContain(`${role.username} may not make tables in it`);
    await onServer(/ALTER DATABASE .*$/.exec(problem!)![0]);
    expect(await inspectPostgres(url)).toMatchObject({ problem: null });
  });
});
