import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { newFolder } from './hall.ts';
import { makeTasks } from './task-folder.ts';

let plain: Coordinator;
/** Behind a proxy that ends TLS: people reach it at this address. */
let secure: Coordinator;
let cookie: string;

const start = (settings: Record<string, string>) =>
  startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent', ...settings }),
    { tasksDirs: [makeTasks()], pages: newFolder() },
  );

beforeAll(async () => {
  plain = await start({});
  secure = await start({ SOTTO_PUBLIC_URL: 'https://learn.example.org' });
  const signedIn = await post(plain, '/api/admin/session', { token: plain.adminToken }, { origin: plain.url });
  cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
});
afterAll(async () => {
  await plain.close();
  await secure.close();
});

function post(to: Coordinator, path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  return fetch(new URL(path, to.localUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function codeOf(response: Promise<Response>): Promise<string> {
  return ((await (await response).json()) as { rejected?: string }).rejected ?? 'done';
}

describe('a request that changes something', () => {
  // What answers `unknown_task` has got through to the route.
  const change = (headers: Record<string, string>) => codeOf(post(plain, '/api/admin/runs', { task: 'none' }, headers));

  it('is obeyed from a page of this origin', async () => {
    expect(await change({ cookie, origin: plain.url })).toBe('unknown_task');
    expect(await change({ cookie, 'sec-fetch-site': 'same-origin' })).toBe('unknown_task');
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the same name on another port', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page, whose origin is null', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['a page that says it is of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbouring site', { 'sec-fetch-site': 'same-site' }],
    ['whoever brings a cookie and says nothing', {}],
  ])('is refused from %s', async (_what, headers) => {
    expect(await change({ cookie, ...(headers as Record<string, string>) })).toBe('foreign_origin');
  });

  it('is refused as a form of another site posts it, before its body is read', async () => {
    const form = await fetch(new URL('/api/admin/runs', plain.localUrl), {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.example', 'content-type': 'text/plain' },
      body: '{"task":"tiny","x":"="}',
    });
    expect([form.status, (await form.json()).rejected]).toEqual([403, 'foreign_origin']);
    const own = await fetch(new URL('/api/admin/runs', plain.localUrl), {
      method: 'POST',
      headers: { cookie, origin: plain.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'task=tiny',
    });
    expect(own.status).toBe(415);
    expect(plain.runs.list()).toEqual([]);
  });

  it('may sign in without an origin and without a cookie, as the command line does', async () => {
    expect(await codeOf(post(plain, '/api/admin/session', { token: 'wrong' }, {}))).toBe('wrong_token');
  });
});

describe('a WebSocket', () => {
  async function upgrade(to: Coordinator, headers: Record<string, string>): Promise<string> {
    const { hostname, port, host } = new URL(to.localUrl);
    const socket = connect(Number(port), hostname);
    const all = {
      host,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${lines.join('')}\r\n`);
    const [first] = await new Promise<Buffer[]>((resolve) => socket.once('data', (data: Buffer) => resolve([data])));
    socket.destroy();
    return first!.toString().split('\r\n')[0]!;
  }

  it('is opened for pages of this origin, and for devices that are no page', async () => {
    expect(await upgrade(plain, { origin: plain.url })).toContain('101');
    expect(await upgrade(plain, {})).toContain('101');
    expect(await upgrade(secure, { origin: 'https://learn.example.org', host: 'learn.example.org' })).toContain('101');
  });

  it('is refused to pages of any other, and by any other name', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${plain.url}.evil.example` },
      { origin: plain.url, host: 'evil.example' },
    ])
      expect(await upgrade(plain, headers as Record<string, string>), JSON.stringify(headers)).not.toContain('101');
    expect(await upgrade(secure, { origin: 'http://learn.example.org' })).not.toContain('101');
  });
});

describe('the headers of every answer', () => {
  const ALWAYS = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };

  async function addresses(): Promise<[method: string, path: string][]> {
    const document = (await (await fetch(new URL('/api/openapi.json', plain.localUrl))).json()) as {
      paths: Record<string, object>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path.replace(/\{\w+\}/g, 'x')]),
    );
    expect(routes.length).toBeGreaterThan(20);
    return [...routes, ['GET', '/'], ['GET', '/t/tiny'], ['GET', '/none.js'], ['GET', '//'], ['POST', '/nowhere']];
  }

  it('forbid what no page of ours needs, refusals and pages that are not there included', async () => {
    for (const [method, path] of await addresses()) {
      const { headers } = await fetch(plain.localUrl + path, { method, redirect: 'manual' });
      const what = `${method} ${path}`;
      for (const [name, value] of Object.entries(ALWAYS)) expect(headers.get(name), `${what}: ${name}`).toBe(value);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, what).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy, what).toMatch(/default-src 'self';.*frame-ancestors 'none'.*base-uri 'none'/);
      expect(policy, what).not.toMatch(/script-src[^;]*unsafe-inline|'unsafe-eval'/);
      expect(headers.get('strict-transport-security'), what).toBeNull();
      expect(headers.get('access-control-allow-origin'), what).toBeNull();
    }
  });

  it('insist on TLS, cookies too, where it is reached over TLS', async () => {
    for (const [method, path] of await addresses()) {
      const { headers } = await fetch(secure.localUrl + path, { method, redirect: 'manual' });
      expect(headers.get('strict-transport-security'), `${method} ${path}`).toBe('max-age=31536000');
    }
    const origin = 'https://learn.example.org';
    const { headers } = await post(secure, '/api/admin/session', { token: secure.adminToken }, { origin });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^sotto_admin=.*; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/),
    ]);
  });
});
