import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of its own on that server. */
export async function newDatabase(server: string): Promise<Database> {
  const name = `sotto_crash_${randomBytes(6).toString('hex')}`;
  const command = async (text: string) => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await command(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => command(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
