import { X509Certificate } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Config } from '@sotto/coordinator/config';
import { readTls } from '@sotto/coordinator/listening';
import { type Inspection, inspectPostgres, inspectSqlite } from '@sotto/coordinator/store/inspection';
import { reasonOf } from '../failure.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const SKEW_MS = 5_000;
const MOST_SKEW_MS = 60_000;

/** What a coordinator with these settings needs of others; `url` is one that runs already. */
export function serviceChecks(config: Config, url: string | undefined): Check[] {
  return [
    { name: 'database', look: () => lookAtDatabase(config) },
    ...(config.tls ? [{ name: 'TLS', look: () => lookAtTls(config.tls!, config.publicUrl) }] : []),
    ...(url === undefined ? [] : [{ name: 'coordinator', look: () => lookAtCoordinator(url) }]),
  ];
}

async function lookAtDatabase({ dataDir, databaseUrl }: Config): Promise<Finding> {
  if (databaseUrl === null) {
    const path = join(resolve(dataDir), 'sotto.sqlite');
    return judge(`SQLite, ${path}`, inspectSqlite(path));
  }
  try {
    return judge('PostgreSQL', await inspectPostgres(databaseUrl.reveal()));
  } catch (error) {
    return fail(`PostgreSQL does not answer (${reasonOf(error)}). Check SOTTO_DATABASE_URL, and that the server runs.`);
  }
}

function judge(name: string, { version, inUse, problem }: Inspection): Finding {
  if (problem !== null) return fail(`${name} (version ${version}): ${problem}.`);
  return ok(`${name} (version ${version})${inUse ? ': a running coordinator has it locked' : ''}`);
}

function lookAtTls(files: NonNullable<Config['tls']>, publicUrl: string | null): Finding {
  const certificate = new X509Certificate(readTls(files).cert);
  const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / DAY_MS);
  const until = `until ${certificate.validTo}`;
  if (days < 0) return fail(`The certificate was good ${until}. Renew it and restart the coordinator.`);
  if (Date.parse(certificate.validFrom) > Date.now())
    return fail(`The certificate is good from ${certificate.validFrom} on only. Check it, and the clock.`);
  const host = publicUrl === null ? undefined : new URL(publicUrl).hostname;
  if (host !== undefined && certificate.checkHost(host) === undefined)
    return fail(`The certificate is not for ${host}. Get one for it, or correct SOTTO_PUBLIC_URL.`);
  return days < SOON_DAYS
    ? warn(`The certificate is good ${until}, ${days} days more. Renew it and restart the coordinator.`)
    : ok(`certificate and key fit, ${until}`);
}

async function lookAtCoordinator(url: string): Promise<Finding> {
  const asked = Date.now();
  const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(10_000) }).catch(
    (error: unknown) => reasonOf(error),
  );
  if (typeof response === 'string') return fail(`Nothing answers at ${url} (${response}). Check the address.`);
  const said = (await response.json().catch(() => ({}))) as { ok?: unknown; message?: unknown };
  if (said.ok !== true)
    return fail(`${url}: ${typeof said.message === 'string' ? said.message : 'this is no Sotto coordinator.'}`);
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return ok(`${url} is ready`);
  // Its Date is of some moment between asking and now, in whole seconds.
  const skew = Math.max(0, asked - (date + 1000), date - Date.now());
  const says = `${url} is ready; its clock and this one differ by ${skew < 1000 ? 'less than a second' : `${Math.round(skew / 1000)} s`}`;
  if (skew > MOST_SKEW_MS) return fail(`${says}. Set the one that is wrong, and keep both right with NTP.`);
  return skew > SKEW_MS ? warn(`${says}. Keep both right with NTP.`) : ok(says);
}
