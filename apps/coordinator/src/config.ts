import { PublicKey } from '@sotto/protocol/ids';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';
import { DEFAULT_LIMITS, type Limits, parseLimits } from './border/limits.ts';
import { isLoopback } from './http/origin.ts';
import type { MlflowServer } from './metrics-out/mlflow.ts';
import { mlflowServer } from './metrics-out/mlflow-address.ts';
import { parseGrants } from './sign-in/grants.ts';
import type { OpenIdSettings } from './sign-in/openid.ts';
import { hideSecret, type Secret } from './sign-in/secret.ts';
import { StartError } from './start-error.ts';

const folder = z.string().min(1, 'a path');
const origin = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
  }, 'an http or https address without a path, such as https://learn.example.org')
  .transform((text) => new URL(text).origin);

/** Comma-separated addresses and networks; also “loopback”, “linklocal” and “uniquelocal”. */
const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .refine((list) => {
    try {
      return proxyAddr.compile(list);
    } catch {
      return false;
    }
  }, 'addresses or networks separated by commas, such as 10.0.0.7,192.168.0.0/16,loopback');
const grants = z
  .string()
  .refine(
    (text) => parseGrants(text) !== undefined,
    'e-mail addresses or claims separated by commas, such as ada@example.org,groups=sotto-admins',
  )
  .transform((text) => parseGrants(text)!);
const UNITS = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** Every setting, by environment variable. The README's table is this list. */
const Settings = z
  .strictObject({
    SOTTO_DATA_DIR: folder.default('./data'),
    SOTTO_DATABASE_URL: z
      .string()
      .refine(
        (text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''),
        'the address of a PostgreSQL database, such as postgres://user:password@host:5432/sotto',
      )
      .transform(hideSecret)
      .optional(),
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
    SOTTO_OIDC_ISSUER: z
      .string()
      .refine((text) => {
        const url = URL.parse(text);
        return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
      }, "the provider's https address (http on this machine only), such as https://login.example.org")
      .optional(),
    SOTTO_OIDC_CLIENT_ID: z.string().min(1).optional(),
    SOTTO_OIDC_CLIENT_SECRET: z.string().min(1).transform(hideSecret).optional(),
    SOTTO_OIDC_ADMINS: grants.optional(),
    SOTTO_OIDC_VIEWERS: grants.optional(),
    SOTTO_TRUSTED_PROXIES: networks.optional(),
    SOTTO_UNLIMITED: z.literal('none').or(networks).default(['loopback']),
    SOTTO_LIMITS: z
      .string()
      .refine(
        (text) => parseLimits(text) !== undefined,
        `pairs such as connections=5000,messagesPerSecond=200, of ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
      )
      .transform((text) => parseLimits(text)!)
      .optional(),
    SOTTO_DISK_QUOTA: z
      .string()
      .regex(/^[1-9]\d{0,5}(MB|GB|TB)$/, 'a size such as 500MB, 20GB or 2TB')
      .transform((text) => Number(text.slice(0, -2)) * UNITS[text.slice(-2) as keyof typeof UNITS])
      .optional(),
    SOTTO_METRICS_TOKEN: z
      .string()
      .regex(/^[\w.~+/=-]{16,200}$/, 'at least 16 letters, digits or any of -._~+/=')
      .transform(hideSecret)
      .optional(),
    SOTTO_MLFLOW_URL: z
      .string()
      .refine(
        (text) => mlflowServer(text) !== undefined,
        'the address of an MLflow tracking server, such as https://mlflow.example.org or https://user:password@host/path',
      )
      .transform(hideSecret)
      .optional(),
    SOTTO_MLFLOW_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{1,4096}$/, 'a token without spaces')
      .transform(hideSecret)
      .optional(),
    SOTTO_DRAIN_MS: z
      .string()
      .regex(/^\d{1,6}$/, 'milliseconds, at most 999999')
      .transform(Number)
      .default(10_000),
    SOTTO_LOG: z
      .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
        error: 'silent, fatal, error, warn, info, debug or trace',
      })
      .default('info'),
  })
  .refine((settings) => (settings.SOTTO_TLS_CERT === undefined) === (settings.SOTTO_TLS_KEY === undefined), {
    path: ['SOTTO_TLS_KEY'],
    error: 'set together with SOTTO_TLS_CERT: both, or neither',
  })
  .refine(
    ({ SOTTO_OIDC_ISSUER: issuer, SOTTO_OIDC_CLIENT_ID: id, SOTTO_OIDC_CLIENT_SECRET: secret }) =>
      [issuer, id, secret].every((one) => (one === undefined) === (issuer === undefined)),
    {
      path: ['SOTTO_OIDC_ISSUER'],
      error: 'set together with SOTTO_OIDC_CLIENT_ID and SOTTO_OIDC_CLIENT_SECRET: all three, or none',
    },
  )
  .refine(
    (settings) =>
      settings.SOTTO_OIDC_ISSUER === undefined ||
      settings.SOTTO_OIDC_ADMINS !== undefined ||
      settings.SOTTO_OIDC_VIEWERS !== undefined,
    { path: ['SOTTO_OIDC_ADMINS'], error: 'say who may sign in: set it, or SOTTO_OIDC_VIEWERS' },
  )
  .refine((settings) => settings.SOTTO_MLFLOW_TOKEN === undefined || settings.SOTTO_MLFLOW_URL !== undefined, {
    path: ['SOTTO_MLFLOW_URL'],
    error: 'set together with SOTTO_MLFLOW_TOKEN: it says whom the token is for',
  });

export interface Config {
  readonly dataDir: string;
  /** Of PostgreSQL, password and all; null: SQLite in the data folder. */
  readonly databaseUrl: Secret | null;
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
  /** Sign-in by OpenID Connect; null: by one-time tokens only. */
  readonly openId: OpenIdSettings | null;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Networks that no limit by address applies to. */
  readonly unlimited: readonly string[];
  readonly limits: Limits;
  /** Most bytes of blobs; null: as many as leave the disk some room. */
  readonly diskQuota: number | null;
  /** Whoever shows it as a bearer token may read /metrics. */
  readonly metricsToken: Secret | null;
  /** Is told of every run; null: nobody is. */
  readonly mlflow: MlflowServer | null;
  /** How long to wait at the end for what is under way. */
  readonly drainMs: number;
  readonly log: z.infer<typeof Settings>['SOTTO_LOG'];
}

/** Variables with our prefix that other programs of the repository read. */
const FOREIGN = new Set([
  'SOTTO_INVITE',
  'SOTTO_URL',
  'SOTTO_TOKEN',
  'SOTTO_CHROMIUM',
  'SOTTO_RUNS',
  'SOTTO_TEST_POSTGRES',
]);
/** Whoever mistakes it for the private key should not find that in a log. */
const UNSPOKEN = new Set([
  'SOTTO_STUDY_KEY',
  'SOTTO_DATABASE_URL',
  'SOTTO_OIDC_CLIENT_SECRET',
  'SOTTO_METRICS_TOKEN',
  'SOTTO_MLFLOW_URL',
  'SOTTO_MLFLOW_TOKEN',
]);

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
  const mlflow = mlflowServer(settings.SOTTO_MLFLOW_URL?.reveal() ?? '', settings.SOTTO_MLFLOW_TOKEN?.reveal());
  return {
    dataDir: settings.SOTTO_DATA_DIR,
    databaseUrl: settings.SOTTO_DATABASE_URL ?? null,
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.SOTTO_PUBLIC_URL ?? null,
    tls:
      settings.SOTTO_TLS_CERT !== undefined && settings.SOTTO_TLS_KEY !== undefined
        ? { cert: settings.SOTTO_TLS_CERT, key: settings.SOTTO_TLS_KEY }
        : null,
    tasksDir: settings.SOTTO_TASKS_DIR ?? null,
    studyKey: settings.SOTTO_STUDY_KEY ?? null,
    openId:
      settings.SOTTO_OIDC_ISSUER !== undefined
        ? {
            issuer: settings.SOTTO_OIDC_ISSUER,
            clientId: settings.SOTTO_OIDC_CLIENT_ID!,
            clientSecret: settings.SOTTO_OIDC_CLIENT_SECRET!,
            admins: settings.SOTTO_OIDC_ADMINS ?? [],
            viewers: settings.SOTTO_OIDC_VIEWERS ?? [],
          }
        : null,
    trustedProxies: settings.SOTTO_TRUSTED_PROXIES ?? [],
    unlimited: settings.SOTTO_UNLIMITED === 'none' ? [] : settings.SOTTO_UNLIMITED,
    limits: settings.SOTTO_LIMITS ?? DEFAULT_LIMITS,
    diskQuota: settings.SOTTO_DISK_QUOTA ?? null,
    metricsToken: settings.SOTTO_METRICS_TOKEN ?? null,
    mlflow: mlflow ?? null,
    drainMs: settings.SOTTO_DRAIN_MS,
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
