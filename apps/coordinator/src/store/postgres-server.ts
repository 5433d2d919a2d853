import { Client } from 'pg';

const PATIENCE_MS = 5000;

/**
 * Asks a PostgreSQL server who it is, and changes nothing there.
 * @throws what the driver says; it may quote the host, never the password
 */
export async function askPostgres(url: string): Promise<{ readonly version: string; readonly major: number }> {
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
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const version = rows[0]!.server_version;
    return { version, major: Number.parseInt(version, 10) };
  } finally {
    await client.end().catch(() => {});
  }
}
