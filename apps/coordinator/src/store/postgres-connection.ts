import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Client, DatabaseError, types } from 'pg';
import { messageOf } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import { Unavailable } from '../unavailable.ts';

/** "SOTT": the advisory lock of a database that a coordinator works on. */
export const LOCK = 0x534f5454;
/** A process that was killed holds its lock until the server notices. */
const LOCK_TRIES = 20;
const BETWEEN_TRIES_MS = 100;
/** After a connection could not be made, nobody tries again for so long: whoever waits is told at once. */
const COOL_MS = 250;
/** After the lock was lost with its connection, it is tried for so often, whether anybody needs the database or not. */
const RETAKE_MS = 1_000;
/** So long a server that may be away is given to say goodbye. */
const FAREWELL_MS = 1_000;

/** A backend of the server, told from a later one of the same number. */
interface Session {
  readonly pid: number;
  readonly started: string;
}

/** In `meta`: how often the lock was taken, so that a coordinator that lost it learns whether another one has had it since. */
const EPOCH = 'lock-epoch';

/** What to do when another coordinator has worked on the database: what this one knows may not be so any more. */
export type OnTaken = (error: Error) => void;

const endProcess: OnTaken = (error) =>
  setImmediate(() => {
    throw error;
  });

/**
 * A pool of one: a single connection, which takes the lock of its database before anything else and holds it as long as it lives. So
 * nothing is written without the lock; whatever a lost connection had not committed is lost with it, and whether it had is decided
 * before the next one sees the data. A lock that is lost is taken again at once; had another coordinator taken it meanwhile, the process
 * ends. Errors of the connection or of the server's machine come out as Unavailable.
 * @throws StartError when the URL is none.
 */
export function createPostgresConnection(
  url: string,
  answerMs: number,
  onTaken: OnTaken = endProcess,
): { readonly pool: PostgresPool; readonly name: string } {
  let open: Client | undefined;
  let session: Session | undefined;
  /** Null before the first migration has made the table. */
  let epoch: number | null | undefined;
  let taken: Error | undefined;
  let retrying: NodeJS.Timeout | undefined;
  let free: Promise<void> = Promise.resolve();
  let failed: { readonly at: number; readonly error: Unavailable } | undefined;
  let ended = false;
  const { host, port, database } = make();
  // Neither the password nor the URL that it stands in.
  const place = `database ${database} at ${host}:${port}`;
  const name = `The ${place}`;

  function make(): Client {
    try {
      return new Client({
        connectionString: url,
        application_name: 'sotto',
        connectionTimeoutMillis: answerMs,
        query_timeout: answerMs,
        keepAlive: true,
        types: { getTypeParser },
      });
    } catch {
      // Its message or its fields may quote the URL.
      throw new StartError(
        'SOTTO_DATABASE_URL is no address of a database. It looks like postgres://user:password@host:5432/database.',
      );
    }
  }

  async function connect(): Promise<Client> {
    if (ended) throw new Error('the database is closed');
    if (taken) throw taken;
    if (open) return open;
    if (failed && performance.now() - failed.at < COOL_MS) throw failed.error;
    const client = make();
    client.on('error', () => lose(client));
    client.on('end', () => lose(client));
    try {
      await client.connect();
      session = await takeLock(client, session);
      epoch = await nextEpoch(client);
      open = client;
      return client;
    } catch (cause) {
      hangUp(client);
      if (taken) throw taken;
      const error = cause instanceof Unavailable ? cause : unreachable(cause);
      failed = { at: performance.now(), error };
      throw error;
    }
  }

  function lose(client: Client): void {
    if (open !== client) return;
    open = undefined;
    if (!ended) void retake();
  }

  async function retake(): Promise<void> {
    clearTimeout(retrying);
    try {
      (await pool.connect()).release();
    } catch {
      if (!ended && !taken) retrying = setTimeout(() => void retake(), RETAKE_MS).unref();
    }
  }

  /** Whether the lock is still the one that was lost; from now on it is this one. */
  async function nextEpoch(client: Client): Promise<number | null> {
    const { rows: tables } = await client.query<{ meta: boolean }>("SELECT to_regclass('meta') IS NOT NULL AS meta");
    if (!tables[0]!.meta) return null;
    const { rows } = await client.query<{ value: string }>('SELECT value FROM meta WHERE name = $1', [EPOCH]);
    const found = rows[0] ? Number(rows[0].value) : null;
    if (epoch !== undefined && found !== epoch) {
      taken = new Error(
        `Another coordinator has worked on the ${place} while this one had lost it. What this one knows may not be so any more, so it ends. Let one of them run only, and start it again.`,
      );
      onTaken(taken);
      throw taken;
    }
    const next = (found ?? 0) + 1;
    await client.query(
      'INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      [EPOCH, String(next)],
    );
    return next;
  }

  /** Without a farewell, which the other end may never answer. */
  function hangUp(client: Client): void {
    lose(client);
    client.connection.stream.destroy();
  }

  function unreachable(cause: unknown): Unavailable {
    const why = messageOf(cause) || (cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer');
    return new Unavailable(
      `${name} cannot be reached (${why}). Check that PostgreSQL runs there and lets this user in, and SOTTO_DATABASE_URL.`,
      { cause },
    );
  }

  async function takeLock(client: Client, before: Session | undefined): Promise<Session> {
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      const { rows } = await client.query<Session & { locked: boolean }>(
        `SELECT pid, backend_start::text AS started, pg_try_advisory_lock($1) AS locked
          FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
        [LOCK],
      );
      const { locked, ...own } = rows[0]!;
      if (locked) {
        await client.query(SETTINGS);
        return own;
      }
      // Our own connection from before is dead to us, but perhaps not to the server.
      if (before)
        await client.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2',
          [before.pid, before.started],
        );
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
    throw new Unavailable(
      `Another coordinator is using the ${place}. Stop it first, or give this one another SOTTO_DATABASE_URL.`,
    );
  }

  async function query(client: Client, text: string, parameters: readonly unknown[]) {
    try {
      return await client.query(text, [...parameters]);
    } catch (cause) {
      const state = cause instanceof DatabaseError ? (cause.code ?? '') : undefined;
      if (state === undefined ? !(cause instanceof TypeError) : /^(08|57P0)/.test(state)) {
        hangUp(client);
        throw unreachable(cause);
      }
      const advice = Object.entries(SERVER_FAULTS).find(([prefix]) => state?.startsWith(prefix))?.[1];
      if (advice !== undefined) throw new Unavailable(`${name}: ${messageOf(cause)}. ${advice}`, { cause });
      throw cause;
    }
  }

  const pool: PostgresPool = {
    options: {},
    async connect() {
      const before = free;
      const { promise, resolve } = Promise.withResolvers<void>();
      free = promise;
      await before;
      const client = await connect().catch((error: unknown) => {
        resolve();
        throw error;
      });
      const lent: Pick<PostgresPoolClient, 'release'> & { query: unknown } = {
        query: (text: string, parameters: readonly unknown[]) => query(client, text, parameters),
        release(destroy) {
          if (destroy) hangUp(client);
          resolve();
        },
      };
      return lent as PostgresPoolClient;
    },
    async end() {
      ended = true;
      clearTimeout(retrying);
      await free;
      const client = open;
      if (!client) return;
      const impatience = setTimeout(() => hangUp(client), FAREWELL_MS);
      await client.end();
      clearTimeout(impatience);
    },
  };
  return { pool, name };
}

/** What the server answers when its machine is at fault, by SQLSTATE. */
const SERVER_FAULTS: Readonly<Record<string, string>> = {
  '53': 'Give the database server more room: disk, memory or connections.',
  '58': "Check the disk of the database server and the server's log.",
  '25006': 'Connect to the primary server: this one is read-only.',
};

/**
 * What is committed is on disk whatever the server's defaults, and a connection whose other end is gone is noticed within a minute, so
 * that its lock does not outlive it for hours.
 */
const SETTINGS = `
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3`;

/** Times and counts are far below 2⁵³: numbers, as in SQLite, and not pg's strings. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  if (type === types.builtins.INT8 || type === types.builtins.NUMERIC) return Number;
  return format === 'binary' ? types.getTypeParser(type, format) : types.getTypeParser(type);
}
