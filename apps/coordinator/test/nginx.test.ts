import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { FILE_PART_BYTES } from '@sotto/protocol/admin/tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { makeSignInToken } from '../src/sign-in/tokens.ts';
import type { Device } from './crash/device.ts';
import { makeTask } from './crash/task.ts';
import { newFolder, until } from './hall.ts';
import { connectDevices, playRound } from './live.ts';

const CONFIG = join(import.meta.dirname, '../../../docs/deploy/nginx.conf');
const NGINX = ['/usr/sbin', ...(process.env.PATH ?? '').split(delimiter)]
  .map((folder) => join(folder, 'nginx'))
  .find(existsSync);

/** Where there is no nginx these are skipped, aloud; in CI one is promised, so there they fail. */
function describeBehindNginx(name: string, tests: () => void): void {
  if (NGINX !== undefined) return void describe(name, tests);
  if (process.env.CI === 'true') return void describe(name, () => it('finds nginx', () => expect.fail('no nginx')));
  console.warn(`${name}: skipped, as nginx is not installed`);
  describe.skip(name, tests);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describeBehindNginx('behind nginx with the configuration of docs/deploy', () => {
  let nginx: ChildProcess;
  let coordinator: Coordinator;
  let origin = '';
  let logged = '';
  let dataDir = '';
  let devices: Device[] = [];

  beforeAll(async () => {
    const folder = newFolder();
    dataDir = join(folder, 'data');
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const about = ['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const pair = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', [...pair, ...about, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(cert, 'utf8')]);

    const [inner, plain, secure] = [await freePort(), await freePort(), await freePort()];
    origin = `https://localhost:${secure}`;
    const pages = join(folder, 'pages');
    mkdirSync(pages);
    writeFileSync(join(pages, 'index.html'), '<title>the app</title>');
    coordinator = await startCoordinator(
      readConfig({
        SOTTO_DATA_DIR: dataDir,
        PORT: String(inner),
        SOTTO_PUBLIC_URL: origin,
        SOTTO_TRUSTED_PROXIES: '127.0.0.1',
      }),
      {
        tasksDirs: [makeTask('large')],
        pages,
        logger: createLog('info', {
          write(line) {
            logged += line;
          },
        }),
      },
    );
    const site = readFileSync(CONFIG, 'utf8')
      .replaceAll('learn.example.org', 'localhost')
      .replace('127.0.0.1:8787', `127.0.0.1:${inner}`)
      .replace('listen 80;', `listen 127.0.0.1:${plain};`)
      .replace('listen 443 ', `listen 127.0.0.1:${secure} `)
      .replace(/\/\S+\/fullchain\.pem/, cert)
      .replace(/\/\S+\/privkey\.pem/, key);
    writeFileSync(join(folder, 'site.conf'), site);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    writeFileSync(
      join(folder, 'nginx.conf'),
      `${user} pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${temporary.join(' ')} include site.conf; }`,
    );
    nginx = spawn(NGINX!, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], { stdio: 'inherit' });
    await until('nginx passes requests on', () =>
      ask('/healthz').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    for (const device of devices) device.die();
    nginx?.kill('SIGTERM');
    await coordinator?.close();
  });

  /** From an address of this machine. */
  async function ask(
    path: string,
    { from = '127.0.0.1', method = 'GET', headers = {}, body = '' }: Partial<Asked> = {},
  ): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options = { method, headers, localAddress: from, agent: false, family: 4 };
    request(new URL(path, origin), options, resolve).on('error', reject).end(body);
    const response = await promise;
    const text = (await response.setEncoding('utf8').toArray()).join('');
    return { status: response.statusCode!, headers: response.headers, text };
  }

  it('loads the page with HSTS and with sockets of its own origin allowed', async () => {
    const page = await ask('/t/tiny');
    expect([page.status, page.text]).toEqual([200, '<title>the app</title>']);
    expect(page.headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
    expect(page.headers['content-security-policy']).toContain(origin.replace('https:', 'wss:'));
  });

  it('signs in with a cookie that goes over TLS only', async () => {
    const token = JSON.stringify({ token: coordinator.adminToken });
    const headers = { origin, 'content-type': 'application/json' };
    const { status, headers: answered } = await ask('/api/admin/session', { method: 'POST', headers, body: token });
    expect(status).toBe(200);
    expect(answered['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict; .*; Secure$/);
  });

  it('plays a whole round with devices over wss, in parts of 256 KiB', async () => {
    devices = await connectDevices(origin, 3);
    const [outcome] = (await playRound(coordinator.runs)).rounds;
    expect(outcome).toMatchObject({ kind: 'published', contributors: 3 });
    expect(outcome?.kind === 'published' && outcome.uploadBytes).toBeGreaterThan(256 * 1024);
    expect(devices.map((device) => device.participant().state().problem)).toEqual([null, null, null]);
  });

  it('knows who is behind the proxy, and believes nothing that they say of themselves', async () => {
    logged = '';
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await ask('/api/tasks/none', { from: '127.0.0.2', headers })).status).toBe(404);
    await until('the refusal is logged', () => logged.includes('not_found'));
    const line = logged.split('\n').find((text) => text.includes('not_found'));
    expect(JSON.parse(line!)).toMatchObject({ address: '127.0.0.2', code: 'not_found' });
    expect(logged).not.toContain('203.0.113.9');
  });

  it('lets parts of a task’s files in, which the coordinator takes of admins only', async () => {
    const token = JSON.stringify({ token: makeSignInToken(dataDir, 'admin', null) });
    const json = { origin, 'content-type': 'application/json' };
    const signedIn = await ask('/api/admin/session', { method: 'POST', headers: json, body: token });
    const cookie = signedIn.headers['set-cookie']![0]!.split(';')[0]!;
    const part = 'x'.repeat(FILE_PART_BYTES);
    const path = `/api/admin/files/${createHash('sha256').update(part).digest('hex')}?from=0&size=${part.length}`;
    const headers = { origin, 'content-type': 'application/octet-stream' };
    expect((await ask(path, { method: 'PUT', headers, body: part })).status).toBe(401);
    const put = await ask(path, { method: 'PUT', headers: { ...headers, cookie }, body: part });
    expect([put.status, JSON.parse(put.text)]).toMatchObject([200, { received: part.length, whole: true }]);
    expect((await ask(path, { method: 'PUT', headers: { ...headers, cookie }, body: `${part}x` })).status).toBe(413);
  });

  it('keeps metrics and large bodies out', async () => {
    expect((await ask('/metrics')).status).toBe(404);
    const headers = { origin, 'content-type': 'application/json' };
    const body = JSON.stringify({ token: 'x'.repeat(100_000) });
    expect((await ask('/api/admin/session', { method: 'POST', headers, body })).status).toBe(413);
  });
});

interface Asked {
  readonly from: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
