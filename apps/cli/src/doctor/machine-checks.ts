import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { get as ask, type IncomingMessage } from 'node:http';
import { get as askSafely } from 'node:https';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { diskOf } from '@sotto/coordinator/blobs/disk-room';
import type { Config } from '@sotto/coordinator/config';
import { reasonOf } from '../failure.ts';
import { REPOSITORY } from '../repository.ts';
import { formatBytes } from '../table.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

const LITTLE_BYTES = 2e9;
const NOTHING_BYTES = 200e6;
/** A part of an upload is acknowledged once it is on disk: slower than this, and every upload is slow. */
const SLOW_SYNC_MS = 100;
const FEW_FILES = 4096;
const SET_MS = 1000;

/** What a coordinator with these settings needs of this machine. */
export function machineChecks(config: Config): Check[] {
  const folder = resolve(config.dataDir);
  return [
    { name: 'port', look: () => lookAtPort(config) },
    { name: 'data folder', look: () => lookAtFolder(folder) },
    { name: 'disk', look: () => lookAtDisk(folder, config.diskQuota) },
    { name: 'open files', look: lookAtLimits },
    { name: 'clock', look: lookAtClock },
    {
      name: 'pages',
      look: () =>
        existsSync(join(REPOSITORY, 'apps/web/dist/index.html'))
          ? ok('built')
          : warn('not built yet: “npm start” builds them first, “npm run build” builds them alone.'),
    },
    { name: 'browser', look: lookForBrowser },
  ];
}

async function lookAtPort({ port, host, tls }: Config): Promise<Finding> {
  if (port === 0) return ok('any free one will be taken (PORT=0)');
  const server = createServer();
  const { promise, resolve: done } = Promise.withResolvers<NodeJS.ErrnoException | undefined>();
  server.once('error', done).listen(port, host, () => done(undefined));
  const error = await promise;
  server.close();
  if (!error) return ok(`${host}:${port} is free`);
  if (error.code === 'EACCES') return fail(`This user may not listen on ${port}. Set PORT to one above 1023.`);
  if (error.code !== 'EADDRINUSE')
    return fail(`${host}:${port} cannot be listened on (${reasonOf(error)}). Set HOST to an address of this machine.`);
  if (await isCoordinator({ host, port }, tls !== null))
    return ok(`${host}:${port} is in use by a running coordinator`);
  return fail(`${host}:${port} is taken by another program. Stop it, or set PORT to another one.`);
}

/** Its certificate is for the name that people use, not for this machine's; nothing is told to whoever answers. */
async function isCoordinator(where: { readonly host: string; readonly port: number }, tls: boolean): Promise<boolean> {
  const options = { ...where, path: '/healthz', agent: false, signal: AbortSignal.timeout(3000) };
  const request = tls ? askSafely({ ...options, rejectUnauthorized: false }) : ask(options);
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return ((await json(response)) as { ok?: unknown }).ok === true;
  } catch {
    return false;
  } finally {
    request.destroy();
  }
}

/** The folder, or where it will be made. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

async function lookAtFolder(folder: string): Promise<Finding> {
  const place = nearest(folder);
  // Hidden, so that nobody takes it for somebody's data.
  const probe = join(place, `.sotto-doctor-${process.pid}`);
  try {
    const file = await open(probe, 'wx');
    const began = performance.now();
    try {
      await file.write(Buffer.alloc(256 * 1024, 7));
      await file.sync();
    } finally {
      await file.close();
    }
    const ms = performance.now() - began;
    const where = place === folder ? folder : `${folder} (to be made in ${place})`;
    const took = `256 kB were on the disk after ${ms.toFixed(1)} ms`;
    return ms > SLOW_SYNC_MS
      ? warn(`${where}: ${took}. Each part of an upload waits as long: put SOTTO_DATA_DIR on a faster disk.`)
      : ok(`${where}: ${took}`);
  } catch (error) {
    return fail(
      `${place} cannot be written (${reasonOf(error)}). Make it a folder this user may write to, or set SOTTO_DATA_DIR to another.`,
    );
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

async function lookAtDisk(folder: string, quota: number | null): Promise<Finding> {
  const { free, size } = await diskOf(nearest(folder));
  const is = `${gigabytes(free)} of ${gigabytes(size)} are free`;
  if (free < NOTHING_BYTES) return fail(`${is}. Make room, or set SOTTO_DATA_DIR to another disk.`);
  if (quota !== null && quota > free)
    return warn(`${is}, and SOTTO_DISK_QUOTA allows ${gigabytes(quota)}. Make room, or lower the quota.`);
  if (free < LITTLE_BYTES)
    return warn(`${is}. A round holds every update of its cohort until it is published: make room for them.`);
  return ok(quota === null ? is : `${is}; up to ${gigabytes(quota)} may be used`);
}

const gigabytes = (bytes: number) => (bytes < 1e9 ? formatBytes(bytes) : `${(bytes / 1e9).toFixed(1)} GB`);

/** Each connection is an open file; the system's word on how many there may be. */
function lookAtLimits(): Finding {
  let text: string;
  try {
    text = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return ok('this system does not tell how many a process may have');
  }
  const most = /^Max open files\s+(\S+)/m.exec(text)?.[1] ?? 'unlimited';
  return most !== 'unlimited' && Number(most) < FEW_FILES
    ? warn(`A process may have ${most}, and each connected device is one. Raise it: “ulimit -n 65536”, or LimitNOFILE.`)
    : ok(`a process may have ${most}`);
}

/** Deadlines, keys and certificates are told by the clock; one that jumps ends them early or late. */
function lookAtClock(): Finding {
  const now = Date.now();
  if (now < Date.UTC(2025, 0))
    return fail(
      `It says ${new Date(now).toISOString()}. Set it, and keep it right with NTP (timedatectl set-ntp true).`,
    );
  const drift = Math.abs(now - (performance.timeOrigin + performance.now()));
  return drift > SET_MS
    ? warn(
        `It was set by ${Math.round(drift)} ms while this command ran. Keep it right with NTP, which does so slowly.`,
      )
    : ok(`${new Date(now).toISOString()}, and it runs evenly`);
}

/** Only tests need one. How it is found is the business of the repository's scripts, which are not there in every installation. */
async function lookForBrowser(): Promise<Finding> {
  const script = join(REPOSITORY, 'scripts/browser.ts');
  if (!existsSync(script)) return ok('not needed: the tests are not here');
  const { findBrowser, thisMachine } = (await import(pathToFileURL(script).href)) as {
    findBrowser: (machine: object) => { readonly path: string } | { readonly missing: string };
    thisMachine: object;
  };
  const found = findBrowser({ ...thisMachine, install: () => false });
  return 'path' in found
    ? ok(`${found.path}, for the tests`)
    : warn(`The browser tests will be skipped: ${found.missing}.`);
}
