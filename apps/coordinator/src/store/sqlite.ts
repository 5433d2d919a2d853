import { DatabaseSync } from 'node:sqlite';
import { Kysely, type KyselyPlugin, SqliteDialect, type SqliteStatement, sql } from 'kysely';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import { sqliteFault } from '../unavailable.ts';
import type { Tables } from './schema.ts';

/** "SOTT": tells our database from anybody else's. */
export const APPLICATION_ID = 0x534f5454;

/**
 * The embedded database: WAL, every commit fsynced, locked for this process alone (the system frees the lock however the process ends).
 * A statement that the machine cannot carry out throws Unavailable.
 * @throws StartError when the file is in use, damaged or foreign.
 */
export function openSqlite(
  path: string,
  plugins: KyselyPlugin[] = [],
): { readonly db: Kysely<Tables>; readonly name: string } {
  const database = lockDatabase(path);
  const carryOut = <T>(statement: () => T): T => {
    try {
      return statement();
    } catch (error) {
      throw sqliteFault(path, error);
    }
  };
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        // After some faults SQLite has rolled back by itself; after others nobody has.
        if (sql === 'rollback' && !database.isTransaction) return NOTHING;
        if (sql === 'begin' && database.isTransaction) carryOut(() => database.exec('rollback'));
        const statement = carryOut(() => database.prepare(sql));
        const values = (parameters: readonly unknown[]) => parameters as (string | number | null)[];
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => carryOut(() => statement.all(...values(parameters))),
          run: (parameters) => carryOut(() => statement.run(...values(parameters))),
          iterate: (parameters) => statement.iterate(...values(parameters)),
        };
      },
    },
  });
  // SQLite changes schemas in transactions, though kysely's adapter denies it; without them a crash leaves half a migration behind.
  const adapter = Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', { value: true });
  dialect.createAdapter = () => adapter;
  return { db: new Kysely<Tables>({ dialect, plugins }), name: `The database ${path}` };
}

/** Into a new file, as it is at one moment, while it is in use. */
export async function copySqlite(db: Kysely<Tables>, file: string): Promise<void> {
  await sql`VACUUM INTO ${file}`.execute(db);
}

const NOTHING: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

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
