import type { Kysely, KyselyPlugin } from 'kysely';
import { Migrator } from 'kysely/migration';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import { isUnavailable } from '../unavailable.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { openPostgres } from './postgres.ts';
import type { OnTaken } from './postgres-connection.ts';
import type { Tables } from './schema.ts';
import { openSqlite } from './sqlite.ts';

export interface DatabaseSettings {
  /** Of PostgreSQL; null: SQLite in the file at `path`. */
  readonly url: string | null;
  readonly path: string;
  /** A server's answer that takes longer will not come: the connection is given up. */
  readonly answerMs?: number | undefined;
  /** Instead of ending the process when another coordinator has worked on a server's database. */
  readonly onTaken?: OnTaken;
}

/** SQLSTATE insufficient_privilege. */
const FORBIDDEN = '42501';

/** Writes for nothing, to see whether that can be done. */
export async function probeDatabase(db: Kysely<Tables>): Promise<void> {
  const row = { name: 'probe', value: String(Date.now()) };
  await db
    .insertInto('meta')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

/**
 * The database of this coordinator, locked for it alone and brought up to date: PostgreSQL where there is a URL, else a file.
 * @throws StartError when it cannot be reached or opened, is in use, damaged, foreign, or from a newer Sotto.
 */
export async function openDatabase(
  { url, path, answerMs, onTaken }: DatabaseSettings,
  plugins: KyselyPlugin[] = [],
): Promise<Kysely<Tables>> {
  const { db, name } = url === null ? openSqlite(path, plugins) : await openPostgres(url, plugins, answerMs, onTaken);
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
  }).migrateToLatest();
  if (error) {
    await db.destroy();
    if (isUnavailable(error))
      throw new StartError(`${name} cannot be used. ${error.message} Then start again.`, { cause: error });
    if (url !== null && 'code' in Object(error) && (error as { code: unknown }).code === FORBIDDEN) {
      const { username, pathname } = new URL(url);
      throw new StartError(
        `${name}: ${username} may not make tables there. As the server's superuser, ALTER DATABASE ${pathname.slice(1)} OWNER TO ${username}; then start again.`,
        { cause: error },
      );
    }
    throw new StartError(
      `${name} cannot be brought up to date (${messageOf(error)}). It may be damaged or from a newer Sotto: restore a backup, update Sotto, or choose another ${url === null ? 'SOTTO_DATA_DIR' : 'SOTTO_DATABASE_URL'}.`,
      { cause: error },
    );
  }
  return db;
}
