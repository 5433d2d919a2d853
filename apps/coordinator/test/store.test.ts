import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { StartError } from '../src/start-error.ts';
import { storeCases } from '../src/store/conformance.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { newFolder } from './hall.ts';

const newPath = () => join(newFolder(), 'sotto.sqlite');

describe('the store on SQLite', () => {
  for (const { promise, run } of storeCases)
    it(promise, () => {
      const path = newPath();
      return run(async () => createSqlStore(await openSqlite(path)));
    });
});

describe('the SQLite file', () => {
  async function refusal(path: string): Promise<string> {
    const error = await openSqlite(path).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  }

  it('serves one coordinator at a time, and the next once the first is gone', async () => {
    const path = newPath();
    const first = await openSqlite(path);
    expect(await refusal(path)).toMatch(/Another coordinator is using .*SOTTO_DATA_DIR/);
    await first.destroy();
    await (await openSqlite(path)).destroy();
  });

  it('is refused with its path and what to do when it is damaged or of another program', async () => {
    const damaged = newPath();
    writeFileSync(damaged, 'this is no database, this is a text that is long enough to be read as one');
    expect(await refusal(damaged)).toMatch(/sotto\.sqlite cannot be opened .*Restore it from a backup/);
    const foreign = newPath();
    const other = new DatabaseSync(foreign);
    other.exec('CREATE TABLE theirs (a)');
    other.close();
    expect(await refusal(foreign)).toMatch(/belongs to another program/);
  });

  it('is refused when a newer Sotto has changed it', async () => {
    const path = newPath();
    await (await openSqlite(path)).destroy();
    const newer = new DatabaseSync(path);
    newer.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-newer', '2030')");
    newer.close();
    expect(await refusal(path)).toMatch(/newer Sotto/);
  });
});
