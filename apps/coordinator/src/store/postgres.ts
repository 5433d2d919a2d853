import { Kysely, type KyselyPlugin, PostgresDialect, sql } from 'kysely';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import { isUnavailable } from '../unavailable.ts';
import { createPostgresConnection, type OnTaken } from './postgres-connection.ts';
import type { Tables } from './schema.ts';

export const LEAST_VERSION = 150_000;

/**
 * A PostgreSQL database that no other coordinator uses.
 * @throws StartError when it cannot be reached, is in use by another coordinator, too old, or of another program.
 */
export async function openPostgres(
  url: string,
  plugins: KyselyPlugin[] = [],
  answerMs = 15_000,
  onTaken?: OnTaken,
): Promise<{ readonly db: Kysely<Tables>; readonly name: string }> {
  const { pool, name } = createPostgresConnection(url, answerMs, onTaken);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins });
  try {
    const { rows } = await sql<{ version: number; tables: number; ours: boolean }>`
      SELECT current_setting('server_version_num')::int AS version,
        (SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()) AS tables,
        to_regclass('kysely_migration') IS NOT NULL AS ours`.execute(db);
    const { version, tables, ours } = rows[0]!;
    if (version < LEAST_VERSION)
      throw new StartError(
        `${name} is PostgreSQL ${Math.floor(version / 10_000)}. Sotto needs PostgreSQL ${LEAST_VERSION / 10_000} or newer.`,
      );
    if (tables > 0 && !ours)
      throw new StartError(`${name} belongs to another program. Make an empty one for Sotto: createdb sotto.`);
    return { db, name };
  } catch (cause) {
    await db.destroy();
    if (cause instanceof StartError) throw cause;
    throw new StartError(
      isUnavailable(cause)
        ? cause.message
        : `${name} cannot be used (${messageOf(cause)}). Check SOTTO_DATABASE_URL and the rights of its user.`,
      { cause },
    );
  }
}
