import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Failure, reasonOf } from './failure.ts';
import { writeWhole } from './json-file.ts';

/** The cookies of those that are logged in from here, by the coordinator's origin. */
const Sessions = z.strictObject({
  version: z.literal(1),
  /** The origin that was logged in to last, as long as that holds. */
  last: z.string().nullable(),
  cookies: z.record(z.string(), z.string()),
});
export type Sessions = z.infer<typeof Sessions>;

const NONE: Sessions = { version: 1, last: null, cookies: {} };

/** Where they are kept: `$XDG_CONFIG_HOME/sotto/sessions.json`, default `~/.config`. */
export function sessionsFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'sotto', 'sessions.json');
}

/** @throws Failure when there is a file that cannot be read, or is none of ours */
export function loadSessions(path: string): Sessions {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NONE;
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}.`);
  }
  try {
    return Sessions.parse(JSON.parse(text));
  } catch {
    // What is wrong with it is not said: the file holds secrets.
    throw new Failure(`${path} is not a file of logins. Delete it, then “sotto login” makes a new one.`);
  }
}

/** Readable by their owner only, as whoever has them is logged in. @throws Failure when they cannot be written */
export function saveSessions(path: string, sessions: Sessions): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Failure(`${dirname(path)} cannot be made: ${reasonOf(error)}.`);
  }
  writeWhole(path, `${JSON.stringify(sessions, null, 2)}\n`, 0o600);
}

export function withSession({ cookies }: Sessions, origin: string, cookie: string): Sessions {
  return { version: 1, last: origin, cookies: { ...cookies, [origin]: cookie } };
}

export function withoutSession({ last, cookies }: Sessions, origin: string): Sessions {
  const { [origin]: _, ...rest } = cookies;
  return { version: 1, last: last === origin ? (Object.keys(rest)[0] ?? null) : last, cookies: rest };
}
