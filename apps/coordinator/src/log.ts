import { type DestinationStream, type Logger, pino } from 'pino';

/** Where things are written down: ids and counts, never keys, updates or tokens. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** Nothing of this is ever logged knowingly; an error of a library may still bring it along. */
const SECRETS = ['token', 'cookie', 'authorization', 'password', 'secret', 'invite', 'privateKey', 'connectionString'];

/** JSON lines: `task`, `run`, `round` and `device` say what they are about, `request` which HTTP request. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const paths = SECRETS.flatMap((name) => ['', '*.', '*.*.', '*.*.*.'].map((above) => `${above}${name}`));
  return pino({ level, redact: { paths: [...paths, 'err.*["set-cookie"]'], censor: '[secret]' } }, destination);
}
