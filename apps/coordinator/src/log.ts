import type { Logger } from 'pino';

/** Where things are written down: ids and counts, never keys, updates or tokens. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
