import { PublicKey } from '@sotto/protocol/ids';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const folder = z.string().min(1, 'a path');
const origin = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
  }, 'an http or https address without a path, such as https://learn.example.org')
  .transform((text) => new URL(text).origin);

/** Every setting, by environment variable. The README's table is this list. */
const Settings = z
  .strictObject({
    SOTTO_DATA_DIR: folder.default('./data'),
    PORT: z
      .string()
      .regex(/^\d{1,5}$/, 'a port from 0 to 65535 (0 takes any free one)')
      .transform(Number)
      .refine((port) => port <= 65_535, 'a port from 0 to 65535 (0 takes any free one)')
      .default(8787),
    HOST: z.string().min(1, 'a host name or address to listen on').default('127.0.0.1'),
    SOTTO_PUBLIC_URL: origin.optional(),
    SOTTO_TLS_CERT: folder.optional(),
    SOTTO_TLS_KEY: folder.optional(),
    SOTTO_TASKS_DIR: folder.optional(),
    SOTTO_STUDY_KEY: z
      .string()
      .refine((text) => PublicKey.safeParse(text).success, "the study's public key, 64 hexadecimal digits")
      .optional(),
    SOTTO_LOG: z
      .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
        error: 'silent, fatal, error, warn, info, debug or trace',
      })
      .default('info'),
  })
  .refine((settings) => (settings.SOTTO_TLS_CERT === undefined) === (settings.SOTTO_TLS_KEY === undefined), {
    path: ['SOTTO_TLS_KEY'],
    error: 'set together with SOTTO_TLS_CERT: both, or neither',
  });

export interface Config {
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Origin people reach this coordinator at; null: derived from host and port once it listens. */
  readonly publicUrl: string | null;
  /** Paths of PEM files. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Folder of further task folders. */
  readonly tasksDir: string | null;
  /** Ed25519 public key of the study, hex. */
  readonly studyKey: string | null;
  readonly log: z.infer<typeof Settings>['SOTTO_LOG'];
}

/** Variables with our prefix that other programs of the repository read. */
const FOREIGN = new Set(['SOTTO_CHROMIUM', 'SOTTO_RUNS']);
/** Whoever mistakes it for the private key should not find that in a log. */
const UNSPOKEN = new Set(['SOTTO_STUDY_KEY']);

/** @throws StartError naming the variable, its value and what is allowed. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.keys(Settings.shape);
  for (const name of Object.keys(environment))
    if (name.startsWith('SOTTO_') && !known.includes(name) && !FOREIGN.has(name))
      throw new StartError(
        `There is no setting ${name}. Did you mean ${nearest(name, known)}? Known settings: ${known.join(', ')}.`,
      );
  const given = Object.fromEntries(known.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = String(issue.path[0]);
    const value = UNSPOKEN.has(name) || given[name] === undefined ? name : `${name}=${given[name]}`;
    throw new StartError(`The setting ${value} cannot be used. It must be: ${issue.message}.`);
  }
  const settings = parsed.data;
  return {
    dataDir: settings.SOTTO_DATA_DIR,
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.SOTTO_PUBLIC_URL ?? null,
    tls:
      settings.SOTTO_TLS_CERT !== undefined && settings.SOTTO_TLS_KEY !== undefined
        ? { cert: settings.SOTTO_TLS_CERT, key: settings.SOTTO_TLS_KEY }
        : null,
    tasksDir: settings.SOTTO_TASKS_DIR ?? null,
    studyKey: settings.SOTTO_STUDY_KEY ?? null,
    log: settings.SOTTO_LOG,
  };
}

function nearest(name: string, known: readonly string[]): string {
  return known
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .reduce((best, next) => (next.distance < best.distance ? next : best)).other;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
