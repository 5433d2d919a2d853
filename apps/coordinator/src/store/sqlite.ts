import { DatabaseSync } from 'node:sqlite';
import { Kysely, type KyselyPlugin, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Tables } from './schema.ts';

/** "SOTT": tells our database from anybody else's. */
const APPLICATION_ID = 0x534f5454;

/**
 * The embedded database: WAL, every commit fsynced, locked for this process alone (the system frees the lock however the process ends).
 * @throws StartError when the file is in use, damaged, foreign, or from a newer Sotto.
 */
export async function openSqlite(path: string, plugins: KyselyPlugin[] = []): Promise<Kysely<Tables>> {
  const database = lockDatabase(path);
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = database.prepare(sql);
        const values = (parameters: readonly unknown[]) => parameters as (string | number | null)[];
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...values(parameters)),
          run: (parameters) => statement.run(...values(parameters)),
          iterate: (parameters) => statement.iterate(...values(parameters)),
        };
      },
    },
  });
  // SQLite changes schemas in transactions, though kysely's adapter denies it; without them a crash leaves half a migration behind.
  const adapter = Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', { value: true });
  dialect.createAdapter = () => adapter;
  const db = new Kysely<Tables>({ dialect, plugins });
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
  }).migrateToLatest();
  if (error) {
    await db.destroy();
    throw new StartError(
      `The database ${path} cannot be brought up to date (${messageOf(error)}). It may be damaged or from a newer Sotto: restore a backup, update Sotto, or choose another SOTTO_DATA_DIR.`,
      { cause: error },
    );
  }
  return db;
}

function lockDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('BEGIN IMMEDIATE');
    const owner = database.prepare('PRAGMA application_id').get()?.application_id;
    const empty = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.count === 0;
    if (!empty && owner !== APPLICATION_ID) throw new Error('it belongs to another program');
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
    return database;
  } catch (cause) {
    database?.close();
    throw new StartError(
      /locked|busy/.test(messageOf(cause))
        ? `Another coordinator is using ${path}. Stop it first, or give this one another SOTTO_DATA_DIR.`
        : `The database ${path} cannot be opened (${messageOf(cause)}). Restore it from a backup, or choose another SOTTO_DATA_DIR.`,
      { cause },
    );
  }
}
