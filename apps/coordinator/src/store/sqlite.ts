import { backup, DatabaseSync } from 'node:sqlite';
import { Kysely, type KyselyPlugin, SqliteDialect, type SqliteStatement } from 'kysely';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import { isUnavailable, sqliteFault } from '../unavailable.ts';
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
  const db = new Kysely<Tables>({ dialect, plugins });
  opened.set(db, database);
  return { db, name: `The database ${path}` };
}

/**
 * Into a new file, as it is at one moment, while it is in use: statements wait until it is done, everything else goes on.
 * @param db one that `openSqlite` opened
 */
export async function copySqlite(db: Kysely<Tables>, file: string): Promise<void> {
  // As long as the connection is ours, nobody is in the middle of a transaction.
  await db.connection().execute(async () => {
    try {
      await backup(opened.get(db)!, file, { rate: PAGES_AT_ONCE });
    } catch (error) {
      throw sqliteFault(file, error);
    }
  });
}

const PAGES_AT_ONCE = 1000;
const opened = new WeakMap<Kysely<Tables>, DatabaseSync>();

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED: readonly number[] = [11, 26];

const NOTHING: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

function refusalOf(path: string, cause: unknown): string {
  if (/locked|busy/.test(messageOf(cause)))
    return `Another coordinator is using ${path}. Stop it first, or give this one another SOTTO_DATA_DIR.`;
  const fault = sqliteFault(path, cause);
  // The data is as good as it was: a backup put in its place would lose what came after.
  if (isUnavailable(fault)) return `The database cannot be used. ${fault.message} Then start again.`;
  const refused = `The database ${path} cannot be opened (${messageOf(cause)}).`;
  const damaged = cause instanceof Error && 'errcode' in cause && DAMAGED.includes(Number(cause.errcode) & 0xff);
  return `${refused} ${damaged ? 'Restore it from a backup, or choose' : 'Choose'} another SOTTO_DATA_DIR.`;
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
    if (empty) database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec('COMMIT');
    return database;
  } catch (cause) {
    database?.close();
    throw new StartError(refusalOf(path, cause), { cause });
  }
}
