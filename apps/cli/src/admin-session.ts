import { SessionView } from '@sotto/protocol/views';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { origin } from './arguments.ts';
import { type CoordinatorRequest, createCoordinatorRequest, notACoordinator } from './coordinator-request.ts';
import { Failure } from './failure.ts';
import { loadSessions, saveSessions, sessionsFile, withoutSession, withSession } from './sessions.ts';

/** No page of anybody's speaks here: what browsers would say of the coordinator's own. */
const OWN = { 'sec-fetch-site': 'same-origin' };

/** A coordinator, for whoever is logged in to it. Everything it says is checked; all @throw Failure with what it answered. */
export interface Admin {
  /** The coordinator's origin. */
  readonly url: string;
  get<Schema extends z.ZodType>(schema: Schema, path: string): Promise<z.infer<Schema>>;
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.infer<Schema>>;
  bytes(path: string): Promise<Uint8Array>;
  /** Puts bytes to where they are kept. */
  upload<Schema extends z.ZodType>(path: string, bytes: Uint8Array, schema: Schema): Promise<z.infer<Schema>>;
}

/** Options of commands that ask a coordinator as somebody who is logged in. */
export interface AdminOptions {
  readonly url?: string;
  readonly json?: true;
}

/** Adds `--url` (SOTTO_URL) and `--json` to a command. */
export function addAdminOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <address>', 'the coordinator (default: the one that was logged in to last)')
        .argParser(origin)
        .env('SOTTO_URL'),
    )
    .option('--json', 'print JSON, for programs');
}

/** @throws Failure when nobody is logged in there */
export function openAdmin(url?: string): Admin {
  const sessions = loadSessions(sessionsFile());
  const chosen = url ?? sessions.last;
  if (chosen === null)
    throw new Failure('Log in first: “sotto login --url ADDRESS”. Who asks which coordinator is not known otherwise.');
  const cookie = sessions.cookies[chosen];
  if (cookie === undefined) throw new Failure(`Nobody is logged in to ${chosen} from here. ${howToLogIn(chosen)}`);
  return adminOf(chosen, cookie);
}

function adminOf(url: string, cookie: string): Admin {
  const plainly = createCoordinatorRequest(url);
  const request: CoordinatorRequest = async (path, init = {}) => {
    try {
      return await plainly(path, { ...init, headers: { ...OWN, cookie, ...init.headers } });
    } catch (error) {
      if (error instanceof Failure && error.code === 'not_signed_in')
        throw new Failure(`The login at ${url} has ended. ${howToLogIn(url)}`, { code: error.code });
      throw error;
    }
  };
  async function parsed<Schema extends z.ZodType>(schema: Schema, answer: Response): Promise<z.infer<Schema>> {
    const { success, data } = schema.safeParse(await answer.json().catch(() => undefined));
    if (!success) throw notACoordinator(url);
    return data;
  }
  return {
    url,
    get: async (schema, path) => parsed(schema, await request(path)),
    async send(method, path, body, schema) {
      const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return parsed(schema, await request(path, body === undefined ? { method } : init));
    },
    bytes: async (path) => new Uint8Array(await (await request(path)).arrayBuffer()),
    async upload(path, bytes, schema) {
      const headers = { 'content-type': 'application/octet-stream' };
      return parsed(schema, await request(path, { method: 'PUT', headers, body: bytes as Uint8Array<ArrayBuffer> }));
    },
  };
}

/** Logs in with a one-time token and remembers it. @returns who that is now */
export async function logIn(url: string, token: string): Promise<NonNullable<SessionView['person']>> {
  const path = sessionsFile();
  // Before the token is used up.
  const sessions = loadSessions(path);
  saveSessions(path, sessions);
  const headers = { ...OWN, 'content-type': 'application/json' };
  const opened = await createCoordinatorRequest(url)('/api/admin/session', {
    method: 'POST',
    headers,
    body: JSON.stringify({ token }),
  });
  const cookie = opened.headers.getSetCookie()[0]?.split(';')[0];
  if (!cookie) throw notACoordinator(url);
  saveSessions(path, withSession(sessions, url, cookie));
  const { person } = await adminOf(url, cookie).get(SessionView, '/api/admin/session');
  if (!person) throw notACoordinator(url);
  return person;
}

/**
 * Ends the login and forgets it; a coordinator that does not answer forgets it with time.
 * @returns where that was; whether the coordinator knows
 */
export async function logOut(url?: string): Promise<{ readonly url: string; readonly ended: boolean }> {
  const path = sessionsFile();
  const sessions = loadSessions(path);
  const chosen = url ?? sessions.last;
  const cookie = chosen === null ? undefined : sessions.cookies[chosen];
  if (chosen === null || cookie === undefined)
    throw new Failure(
      chosen === null ? 'Nobody is logged in from here.' : `Nobody is logged in to ${chosen} from here.`,
    );
  let ended = true;
  try {
    await createCoordinatorRequest(chosen)('/api/admin/session', { method: 'DELETE', headers: { ...OWN, cookie } });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    ended = error.code === 'not_signed_in';
  }
  saveSessions(path, withoutSession(sessions, chosen));
  return { url: chosen, ended };
}

function howToLogIn(url: string): string {
  return `“sotto token” on its machine makes a one-time link; then: sotto login --url ${url}`;
}
