import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { messageOf } from '../error-message.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { LEAST_VERSION } from './postgres.ts';
import { LOCK } from './postgres-connection.ts';
import { APPLICATION_ID } from './sqlite.ts';

/** What a start would find in a database. */
export interface Inspection {
  readonly version: string;
  /** A coordinator works on it now. */
  readonly inUse: boolean;
  /** Why a start would refuse it, and what to do; null when it would not. */
  readonly problem: string | null;
}

const PATIENCE_MS = 5000;
const FOREIGN = 'It belongs to another program';
const NEWER = 'It was made by a newer Sotto: update this one, or restore the backup from before';

const isNewer = (applied: readonly { readonly name: string }[]) => applied.some(({ name }) => !(name in MIGRATIONS));

/** Reads the database file at `path`, which need not be there, and changes nothing. */
export function inspectSqlite(path: string): Inspection {
  using memory = new DatabaseSync(':memory:');
  const version = String(memory.prepare('SELECT sqlite_version() AS version').get()!.version);
  const says = (problem: string | null, inUse = false) => ({ version, inUse, problem });
  if (!existsSync(path)) return says(null);
  // Whoever reads beside a log makes files of its own, which would stay behind; without one the file alone is everything.
  const [log, index] = [`${path}-wal`, `${path}-shm`];
  const url = pathToFileURL(path);
  if (!existsSync(log)) url.searchParams.set('immutable', '1');
  const leave = existsSync(log) && !existsSync(index) ? () => rmSync(index, { force: true }) : () => {};
  try {
    using database = new DatabaseSync(url, { readOnly: true });
    const tables = database.prepare('SELECT name FROM sqlite_schema').all();
    if (tables.length === 0) return says(null);
    if (database.prepare('PRAGMA application_id').get()?.application_id !== APPLICATION_ID)
      return says(`${FOREIGN}: set SOTTO_DATA_DIR to another folder`);
    const damage = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (damage !== 'ok') return says(`It is damaged (${damage}): restore it from a backup`);
    const migrated = tables.some(({ name }) => name === 'kysely_migration');
    const applied = migrated ? database.prepare('SELECT name FROM kysely_migration').all() : [];
    return says(isNewer(applied as { name: string }[]) ? NEWER : null);
  } catch (error) {
    return /locked|busy/.test(messageOf(error))
      ? says(null, true)
      : says(
          `It cannot be read (${messageOf(error)}): restore it from a backup, or set SOTTO_DATA_DIR to another folder`,
        );
  } finally {
    leave();
  }
}

/**
 * Asks a PostgreSQL server about the database, and changes nothing there.
 * @throws what the driver says; it may quote the host, never the password
 */
export async function inspectPostgres(url: string): Promise<Inspection> {
  const client = new Client({
    connectionString: url,
    application_name: 'sotto doctor',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  // One that breaks later than its answer is nobody's business here.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{
      version: string;
      number: number;
      database: string;
      role: string;
      tables: boolean;
      ours: boolean;
      writable: boolean | null;
      used: boolean;
    }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
        current_database() AS database, current_user AS role,
        EXISTS (SELECT FROM information_schema.tables WHERE table_schema = current_schema()) AS tables,
        to_regclass('kysely_migration') IS NOT NULL AS ours,
        has_schema_privilege(current_user, current_schema(), 'CREATE') AS writable,
        EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()
          WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1 AND granted) AS used`,
      [LOCK],
    );
    const { version, number, database, role, tables, ours, writable, used } = rows[0]!;
    const says = (problem: string | null) => ({ version, inUse: used, problem });
    if (number < LEAST_VERSION) return says(`Version ${LEAST_VERSION / 10_000} or later is needed: upgrade the server`);
    if (!ours && tables) return says(`${FOREIGN}: set SOTTO_DATABASE_URL to an empty one`);
    if (!writable)
      return says(`${role} may not make tables in it: as its superuser, ALTER DATABASE ${database} OWNER TO ${role}`);
    if (!ours) return says(null);
    const { rows: applied } = await client.query<{ name: string }>('SELECT name FROM kysely_migration');
    return says(isNewer(applied) ? NEWER : null);
  } finally {
    await client.end().catch(() => {});
  }
}
