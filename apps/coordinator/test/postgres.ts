import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A role that may make databases. */
const SERVER = process.env.SOTTO_TEST_POSTGRES ?? '';
const MISSING =
  'SOTTO_TEST_POSTGRES is not set to the address of a PostgreSQL server, such as postgres://user:password@127.0.0.1';

/** Tests that need PostgreSQL. Without one they are skipped, aloud; in CI one is promised, so there they fail. */
export function describeOnPostgres(name: string, tests: () => void): void {
  if (SERVER !== '') return void describe(name, tests);
  if (process.env.CI === 'true') return void describe(name, () => it('finds its server', () => expect.fail(MISSING)));
  console.warn(`${name}: skipped, as ${MISSING}`);
  describe.skip(name, tests);
}

/** Runs statements as whoever runs the server, there or in a database of it. */
export async function onServer<Row extends object>(text: string, values: unknown[] = [], url = SERVER): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** The address of a database of its own, which goes when the test ends. */
export async function newDatabase(): Promise<string> {
  const name = `sotto_test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  onTestFinished(async () => void (await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return url.href;
}

/** A role that may do nothing but sign in, with its password; it goes when the test ends, after the databases made after it. */
export async function newRole(): Promise<{ readonly username: string; readonly password: string }> {
  const [username, password] = [`sotto_test_${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex')];
  await onServer(`CREATE ROLE ${username} LOGIN PASSWORD '${password}'`);
  onTestFinished(async () => void (await onServer(`DROP ROLE IF EXISTS ${username}`)));
  return { username, password };
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

/** Ends every connection to the database, as a restart of the server does. @returns how many. */
export async function cutConnections(url: string): Promise<number> {
  const rows = await onServer('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    databaseOf(url),
  ]);
  return rows.length;
}
