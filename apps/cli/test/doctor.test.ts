import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CERTIFICATE, KEY } from './certificate.ts';
import { sotto, temporaryFolder } from './command.ts';

interface Found {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly says: string;
}

async function examine(environment: Readonly<Record<string, string>>, ...options: string[]) {
  using folder = temporaryFolder();
  const json = join(folder.path, 'found.json');
  const data = { PORT: '0', SOTTO_DATA_DIR: join(folder.path, 'data') };
  const ended = await sotto(['doctor', '--json', json, ...options], { ...data, ...environment });
  const { findings } = JSON.parse(readFileSync(json, 'utf8')) as { findings: Found[] };
  return { ...ended, findings, of: (check: string) => findings.find((finding) => finding.check === check) };
}

test('doctor finds nothing that fails on a machine that can run a coordinator, and really seals', async () => {
  const { code, stdout, findings, of } = await examine({});
  expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
  expect(code).toBe(0);
  expect(of('sealing')?.says).toMatch(/seals a block of 4096 into \d+ bytes/);
  for (const check of ['Node', 'settings', 'port', 'data folder', 'disk', 'clock', 'database', 'pages', 'browser'])
    expect(stdout).toMatch(new RegExp(`^(ok  |WARN)  ${check}: `, 'm'));
});

test('doctor says what to do about a taken port, a folder that is none, and a database that does not answer', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, 'hello');
  const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr, of } = await examine({
    PORT: String(port),
    SOTTO_DATA_DIR: join(file, 'data'),
    SOTTO_DATABASE_URL: 'postgres://sotto:geheim@127.0.0.1:1/sotto',
  });
  other.close();
  expect(code).toBe(1);
  expect(of('port')).toMatchObject({
    level: 'fail',
    says: expect.stringMatching(/taken by another program.*set PORT/),
  });
  expect(of('data folder')).toMatchObject({ level: 'fail', says: expect.stringMatching(/set SOTTO_DATA_DIR/) });
  expect(of('database')).toMatchObject({ level: 'fail', says: expect.stringMatching(/Check SOTTO_DATABASE_URL/) });
  expect(JSON.stringify(of('database'))).not.toContain('geheim');
  expect(stderr).toMatch(/^sotto: \d+ of \d+ checks failed.\n$/);
});

test('doctor itself does not fail of an engine that cannot load SEAL, nor of a setting that is none', async () => {
  using folder = temporaryFolder();
  const json = join(folder.path, 'found.json');
  const old = await sotto(['doctor', '--json', json], {}, ['--no-experimental-wasm-exnref']);
  expect(old.stdout).toMatch(/^FAIL {2}Node: .*Use Node 24 or later/m);
  const { of } = await examine({ SOTTO_DATADIR: '/nowhere' });
  expect(of('settings')).toMatchObject({ level: 'fail', says: expect.stringMatching(/SOTTO_DATA_DIR/) });
});

test('doctor compares the clocks of this machine and of a coordinator that runs', async () => {
  const clockOf = async (date: Date) => {
    const stranger = createServer((_request, response) => {
      response.setHeader('date', date.toUTCString());
      response.setHeader('content-type', 'application/json');
      response.end('{"ok":true}');
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const { of } = await examine({}, '--url', `http://127.0.0.1:${port}`);
    stranger.close();
    return of('coordinator');
  };
  expect(await clockOf(new Date())).toMatchObject({ level: 'ok' });
  expect(await clockOf(new Date(Date.now() - 3_600_000))).toMatchObject({
    level: 'fail',
    says: expect.stringMatching(/differ by 3600? s|differ by 3\d\d\d s/),
  });
});

test('doctor knows a coordinator with TLS of its own on its port, whatever name the certificate is for', async () => {
  using folder = temporaryFolder();
  const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')];
  writeFileSync(cert, CERTIFICATE);
  writeFileSync(key, KEY);
  const running = createSecureServer({ cert: CERTIFICATE, key: KEY }, (_request, response) => {
    response.end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  await once(running, 'listening');
  const { port } = running.address() as AddressInfo;
  const { of } = await examine({ PORT: String(port), SOTTO_TLS_CERT: cert, SOTTO_TLS_KEY: key });
  running.close();
  expect(of('port')).toMatchObject({ level: 'ok', says: expect.stringMatching(/in use by a running coordinator/) });
  expect(of('TLS')).toMatchObject({ level: 'ok' });
});

test('doctor names the setting and what to do for TLS files that are missing, garbage, or of different pairs', async () => {
  using folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  writeFileSync(path('cert'), CERTIFICATE);
  writeFileSync(path('garbage'), 'garbage');
  writeFileSync(path('other'), generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const say = async (cert: string, key: string) =>
    (await examine({ SOTTO_TLS_CERT: path(cert), SOTTO_TLS_KEY: path(key) })).of('TLS');
  const [missing, garbage, others] = await Promise.all([
    say('cert', 'nothing'),
    say('garbage', 'garbage'),
    say('cert', 'other'),
  ]);
  const failing = (says: RegExp) => ({ level: 'fail', says: expect.stringMatching(says) });
  expect(missing).toMatchObject(failing(/^SOTTO_TLS_KEY=.*nothing cannot be read.*Set it to a PEM file/));
  for (const unfit of [garbage, others])
    expect(unfit).toMatchObject(failing(/^SOTTO_TLS_CERT=.* and SOTTO_TLS_KEY=.* Give the certificate with its chain/));
});

test('doctor refuses a database that a start would refuse', async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'sotto.sqlite'), 'this is no database, however long it is read');
  const { of } = await examine({ SOTTO_DATA_DIR: folder.path });
  expect(of('database')).toMatchObject({ level: 'fail', says: expect.stringMatching(/restore it from a backup/) });
});
