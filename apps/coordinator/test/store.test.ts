import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Client, Pool } from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { StartError } from '../src/start-error.ts';
import { beginPlannedRound, RIVALS } from '../src/store/cases/counted-once.ts';
import { hex, left, NOW, outcome, run, setup } from '../src/store/cases/samples.ts';
import { storeCases } from '../src/store/conformance.ts';
import { openDatabase } from '../src/store/database.ts';
import { inspectPostgres } from '../src/store/inspection.ts';
import { MIGRATIONS } from '../src/store/migrations/migrations.ts';
import { LOCK } from '../src/store/postgres-connection.ts';
import { createRunRecords } from '../src/store/run-records.ts';
import type { Tables } from '../src/store/schema.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import { openSqlite as openSqliteFile } from '../src/store/sqlite.ts';
import { newFolder } from './hall.ts';
import { cutConnections, describeOnPostgres, newDatabase, newRole, onServer } from './postgres.ts';

const newPath = () => join(newFolder(), 'sotto.sqlite');
const openSqlite = (path: string) => openDatabase({ url: null, path });
const openPostgres = (url: string) => openDatabase({ url, path: '' });

describe('the store on SQLite', () => {
  for (const { promise, run } of storeCases)
    it(promise, () => {
      const path = newPath();
      return run(async () => createSqlStore(await openSqlite(path)));
    });
});

describeOnPostgres('the store on PostgreSQL', () => {
  for (const { promise, run } of storeCases)
    it(promise, async () => {
      const url = await newDatabase();
      await run(async () => createSqlStore(await openPostgres(url)));
    });

  it('keeps one of two updates of a device, and one of two answers of a member, that race on two connections', async () => {
    const url = await newDatabase();
    await (await openPostgres(url)).destroy();
    // Past the lock that keeps coordinators apart: the tables themselves must hold.
    const pool = new Pool({ connectionString: url, max: 2 });
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    const store = createSqlStore(db);
    await beginPlannedRound(store);
    for (const [i, [one, other]] of RIVALS.entries()) {
      const racing = [one, other].map((event, k) =>
        store.append({ run: run.run, round: 1, group: 0, seq: 1 + 2 * i + k, event }),
      );
      const ended = await Promise.allSettled(racing);
      expect(
        ended.filter(({ status }) => status === 'fulfilled'),
        one!.type,
      ).toHaveLength(1);
    }
    expect(await store.events(run.run, 1)).toHaveLength(1 + RIVALS.length);
    await store.close();
  });
});

/** What a round looked like before it could have several sums. */
async function layRoundOfOld(db: Kysely<unknown>): Promise<void> {
  const before = Object.entries(MIGRATIONS).filter(([name]) => name < '0005');
  const provider = { getMigrations: async () => Object.fromEntries(before) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  const { run: name, round, event } = { run: run.run, round: 1, event: JSON.stringify(left(hex('a'), NOW)) };
  await createRunRecords(db as Kysely<Tables>).addRun(run);
  const told = { setup: JSON.stringify(setup), outcome: JSON.stringify(outcome) };
  await sql`INSERT INTO rounds (run, round, setup, plan, outcome)
    VALUES (${name}, ${round}, ${told.setup}, ${hex('f')}, ${told.outcome})`.execute(db);
  for (const seq of [0, 1])
    await sql`INSERT INTO round_events (run, round, seq, event) VALUES (${name}, ${round}, ${seq}, ${event})`.execute(
      db,
    );
}

const READ_BACK = {
  rounds: [{ run: run.run, round: 1, parts: [{ group: 0, setup, planHash: hex('f') }], outcome }],
  events: [left(hex('a'), NOW), left(hex('a'), NOW)],
};

async function readBack(db: Kysely<Tables>) {
  const store = createSqlStore(db);
  const [rounds, events] = [await store.rounds(run.run), await store.events(run.run, 1)];
  await store.close();
  return { rounds, events };
}

it('a round of an SQLite database of old is one of a single part', async () => {
  const path = newPath();
  const { db } = openSqliteFile(path);
  await layRoundOfOld(db as Kysely<unknown>);
  await db.destroy();
  expect(await readBack(await openSqlite(path))).toEqual(READ_BACK);
});

describeOnPostgres('a PostgreSQL database of old', () => {
  it('has rounds of a single part', async () => {
    const url = await newDatabase();
    const old = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }) });
    await layRoundOfOld(old);
    await old.destroy();
    expect(await readBack(await openPostgres(url))).toEqual(READ_BACK);
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

  it('is not to be restored from a backup when it is the machine that is at fault', async () => {
    const closed = newPath();
    mkdirSync(closed);
    expect(await refusal(closed)).toMatch(/\(SQLITE_CANTOPEN\): It may not be written: .* Then start again\.$/);
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

const PASSWORD = 'secret-9a7f';

describeOnPostgres('the PostgreSQL database', () => {
  async function refusal(url: string): Promise<string> {
    const error = await openPostgres(url).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StartError);
    expect(inspect(error, { depth: 5 })).not.toContain(PASSWORD);
    return (error as StartError).message;
  }

  it('serves one coordinator at a time, and the next once the first is gone', async () => {
    const url = await newDatabase();
    const first = await openPostgres(url);
    expect(await refusal(url)).toMatch(/Another coordinator is using .*SOTTO_DATABASE_URL/);
    await first.destroy();
    await (await openPostgres(url)).destroy();
  });

  it('is locked again as soon as the connection was lost, whether anybody uses it or not', async () => {
    const url = await newDatabase();
    const first = createSqlStore(await openPostgres(url));
    for (let i = 0; i < 2; i++) {
      await cutConnections(url);
      await vi.waitFor(async () => expect((await inspectPostgres(url)).inUse).toBe(true), 10_000);
    }
    expect(await refusal(url)).toMatch(/Another coordinator is using/);
    expect(await first.remember('a', '1')).toBe('1');
    await first.close();
  });

  it('ends a coordinator whose connection was lost and that another one came before, and takes nothing more from it', async () => {
    const url = await newDatabase();
    const { promise: ended, resolve: onTaken } = Promise.withResolvers<Error>();
    const first = createSqlStore(await openDatabase({ url, path: '', onTaken }));
    await first.remember('a', '1');
    // Next in the queue for the lock, so that the first cannot be faster; then it does as a coordinator that starts.
    const second = new Client({ connectionString: url });
    await second.connect();
    const locked = second.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'advisory'";
    const name = new URL(url).pathname.slice(1);
    await vi.waitFor(async () => expect(await onServer(waiting, [name])).toHaveLength(1), 10_000);
    await onServer(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'sotto'",
      [name],
    );
    await locked;
    await second.query(
      "INSERT INTO meta VALUES ('lock-epoch', '1') ON CONFLICT (name) DO UPDATE SET value = meta.value::int + 1",
    );
    await second.end();
    expect((await ended).message).toMatch(/Another coordinator has worked on the database .* ends\./);
    await expect(first.remember('b', '2')).rejects.toThrow(/Another coordinator has worked/);
    await first.close();
    const next = createSqlStore(await openPostgres(url));
    expect(await next.recall('b')).toBeUndefined();
    await next.close();
  });

  it('is refused with its name and what to do when it cannot be reached, is not there, or is of another program', async () => {
    const url = new URL(await newDatabase());
    url.password = PASSWORD;
    const away = new URL(url);
    away.port = '1';
    expect(await refusal(away.href)).toMatch(
      /The database sotto_test_\w+ at 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED.*Check that PostgreSQL runs/,
    );
    expect(await refusal(url.href)).toMatch(/cannot be reached \(password authentication failed/);
    expect(await refusal(`postgres://ada:${PASSWORD}@127.0.0.1:bad/x`)).toMatch(/SOTTO_DATABASE_URL is no address/);
    const foreign = await newDatabase();
    const client = new Client({ connectionString: foreign });
    await client.connect();
    await client.query('CREATE TABLE theirs (a int)');
    await client.end();
    expect(await refusal(foreign)).toMatch(/belongs to another program/);
  });

  it('of somebody else is refused with the right that its user lacks', async () => {
    const { username, password } = await newRole();
    const url = new URL(await newDatabase());
    Object.assign(url, { username, password });
    expect(await refusal(url.href)).toMatch(
      new RegExp(`${username} may not make tables.*ALTER DATABASE .* OWNER TO ${username}`),
    );
  });

  it('is refused when a newer Sotto has changed it', async () => {
    const url = await newDatabase();
    const db = await openPostgres(url);
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-newer', '2030')`.execute(db);
    await db.destroy();
    expect(await refusal(url)).toMatch(/newer Sotto/);
  });
});
