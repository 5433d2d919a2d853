import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { isRejection } from '@sotto/protocol/rejection';
import { AuditPage, SessionView } from '@sotto/protocol/views';
import Provider from 'oidc-provider';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { parseGrants, roleOf } from '../src/sign-in/grants.ts';
import { createOpenId, FLOW_MS } from '../src/sign-in/openid.ts';
import { createAdminSessions } from '../src/sign-in/sessions.ts';
import { openDatabase } from '../src/store/database.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import { newFolder } from './hall.ts';
import { makeTasks } from './task-folder.ts';

const SECRET = 'a-secret-of-the-client';
const PEOPLE: Readonly<Record<string, object>> = {
  ada: { name: 'Ada', email: 'Ada@example.org', email_verified: true },
  vic: { name: 'Vic', groups: ['staff', 'watchers'] },
  eve: { name: 'Eve', email: 'ada@example.org', email_verified: false },
};

let issuer: string;
let server: Server;
let coordinator: Coordinator;

const settings = () => ({
  SOTTO_DATA_DIR: join(newFolder(), 'data'),
  PORT: '0',
  SOTTO_LOG: 'silent',
  SOTTO_OIDC_ISSUER: issuer,
  SOTTO_OIDC_CLIENT_ID: 'sotto',
  SOTTO_OIDC_CLIENT_SECRET: SECRET,
  SOTTO_OIDC_ADMINS: 'ada@example.org',
  SOTTO_OIDC_VIEWERS: 'groups=watchers',
});

beforeAll(async () => {
  // The real provider tells of its own development pages on the console.
  for (const level of ['warn', 'info', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  coordinator = await startCoordinator(readConfig(settings()), { tasksDirs: [makeTasks()], pages: newFolder() });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sotto',
        client_secret: SECRET,
        redirect_uris: [`${coordinator.url}/api/admin/openid/callback`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    cookies: { keys: ['a key for cookies'] },
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...PEOPLE[id] }) }),
  });
  server.on('request', provider.callback());
});
afterAll(async () => {
  await coordinator.close();
  server.close();
});

async function openStore(folder: string) {
  mkdirSync(folder);
  const db = await openDatabase({ url: null, path: join(folder, 'sotto.sqlite') });
  return { store: createSqlStore(db), close: () => db.destroy() };
}

/** A browser as far as redirects and cookies go: each site's cookies are its own. */
function createBrowser() {
  const jars = new Map<string, Map<string, string>>();
  async function go(address: URL, init: RequestInit = {}): Promise<Response> {
    const jar = jars.get(address.port) ?? new Map<string, string>();
    jars.set(address.port, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }
  /** Follows redirects until something is shown, or would be at an address that `stop` knows. */
  async function follow(address: URL, stop: (address: URL) => boolean = () => false, init?: RequestInit) {
    let response = await go(address, init);
    let at = address;
    for (let next = response.headers.get('location'); next; next = response.headers.get('location')) {
      at = new URL(next, at);
      if (stop(at)) break;
      response = await go(at);
    }
    return { at, response };
  }
  return { go, follow };
}

const isCallback = (address: URL) => address.pathname === '/api/admin/openid/callback';

/** Through the provider's own pages, up to the address it leads back to. */
async function authorize(browser: ReturnType<typeof createBrowser>, login: string | null): Promise<URL> {
  let { at, response } = await browser.follow(new URL('/api/admin/openid/start', coordinator.url), isCallback);
  while (!isCallback(at)) {
    expect(response.status, at.href).toBe(200);
    const prompt = /name="prompt" value="(\w+)"/.exec(await response.text())![1]!;
    if (login === null) ({ at, response } = await browser.follow(new URL(`${at}/abort`), isCallback));
    else {
      const body = new URLSearchParams({ prompt, login, password: 'any' });
      ({ at, response } = await browser.follow(at, isCallback, { method: 'POST', body }));
    }
  }
  return at;
}

async function signIn(login: string) {
  const browser = createBrowser();
  const back = await authorize(browser, login);
  const { headers, status } = await browser.go(back);
  return { browser, back, status, location: headers.get('location'), cookies: headers.getSetCookie() };
}

async function ask(browser: ReturnType<typeof createBrowser>, path: string, body?: unknown) {
  const response = await browser.go(
    new URL(path, coordinator.url),
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: coordinator.url },
          body: JSON.stringify(body),
        },
  );
  return { status: response.status, json: (await response.json()) as { rejected?: string } };
}

describe('sign-in by OpenID Connect', () => {
  it('leads to the provider and back, and knows an admin by a verified address', async () => {
    const { browser, location, cookies } = await signIn('ada');
    expect(location).toBe('/admin');
    expect(cookies).toEqual([
      expect.stringMatching(/^sotto_sign_in=; Path=\/api\/admin\/openid; HttpOnly; SameSite=Lax; Max-Age=0$/),
      expect.stringMatching(/^sotto_admin=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/),
    ]);
    expect(SessionView.parse((await ask(browser, '/api/admin/session')).json)).toEqual({
      person: { name: 'Ada', subject: 'ada', role: 'admin' },
      openId: true,
    });
    expect((await ask(browser, '/api/admin/runs', { task: 'none' })).json.rejected).toBe('unknown_task');
    const { entries } = AuditPage.parse((await ask(browser, '/api/admin/audit')).json);
    expect(entries.slice(0, 3)).toMatchObject([
      { who: 'Ada (ada)', action: 'start run: refused', detail: { why: 'unknown_task' } },
      { who: 'Ada (ada)', action: 'start run: begun', detail: { task: 'none' } },
      { who: 'Ada (ada)', action: 'sign in', detail: { way: 'OpenID', role: 'admin' } },
    ]);
  });

  it('lets a viewer see everything and change nothing', async () => {
    const { browser } = await signIn('vic');
    for (const path of ['/api/admin', '/api/admin/audit']) expect((await ask(browser, path)).status, path).toBe(200);
    for (const path of ['runs', 'devices', 'certificates', 'invites', 'verdicts'])
      expect(await ask(browser, `/api/admin/${path}`, {}), path).toMatchObject({
        status: 403,
        json: { rejected: 'not_allowed' },
      });
    const { entries } = AuditPage.parse((await ask(browser, '/api/admin/audit')).json);
    expect(entries[0]).toMatchObject({ who: 'Vic (vic)', action: 'decide on device: refused' });
  });

  it('tells whoever has no role so, and writes the attempt down', async () => {
    // Her address is that of the admin, but nobody has verified it.
    const { browser, location } = await signIn('eve');
    expect(location).toBe('/admin#refused=sign_in_no_role');
    expect((await ask(browser, '/api/admin')).status).toBe(401);
    const { browser: admin } = await signIn('ada');
    const { entries } = AuditPage.parse((await ask(admin, '/api/admin/audit')).json);
    expect(entries[1]).toMatchObject({
      who: 'nobody',
      action: 'sign-in refused',
      detail: { way: 'OpenID', why: 'sign_in_no_role', address: '127.0.0.1' },
    });
  });

  it('takes an answer for the browser and the question that it belongs to, once', async () => {
    const location = async (browser: ReturnType<typeof createBrowser>, address: URL) =>
      (await browser.go(address)).headers.get('location');
    const browser = createBrowser();
    const back = await authorize(browser, 'ada');
    expect(await location(createBrowser(), back), 'another browser').toBe('/admin#refused=sign_in_expired');
    const altered = new URL(back);
    altered.searchParams.set('state', 'another');
    expect(await location(browser, altered), 'another state').toBe('/admin#refused=sign_in_expired');
    const stray = new URL('/api/admin/openid/callback', coordinator.url);
    expect(await location(browser, stray), 'no answer at all').toBe('/admin#refused=sign_in_expired');
    expect(await location(browser, back), 'what others sent here has ended nothing').toBe('/admin');
    expect(await location(browser, back), 'the flow is over').toBe('/admin#refused=sign_in_expired');
    const { entries } = AuditPage.parse((await ask(browser, '/api/admin/audit')).json);
    expect(entries[0]!.action, 'and is nobody’s attempt').toBe('sign in');
    const forged = createBrowser();
    const other = await authorize(forged, 'ada');
    other.searchParams.set('code', 'made-up');
    expect(await location(forged, other), 'another code').toBe('/admin#refused=sign_in_failed');
    expect((await ask(forged, '/api/admin')).status).toBe(401);
  });

  it('says so when the person cancels at the provider', async () => {
    const browser = createBrowser();
    const back = await authorize(browser, null);
    expect((await browser.go(back)).headers.get('location')).toBe('/admin#refused=sign_in_denied');
  });

  it('ends after ten minutes, and does not begin while the provider is away', async () => {
    let now = 0;
    const log = pino({ level: 'silent' });
    const openId = createOpenId(readConfig(settings()).openId!, { now: () => now }, log);
    const flow = await openId.begin(`${coordinator.url}/api/admin/openid/callback`);
    if (isRejection(flow)) throw new Error(flow.message);
    now = FLOW_MS;
    const back = new URL(`${coordinator.url}/?code=1&state=${new URL(flow.address).searchParams.get('state')}`);
    now = FLOW_MS - 1;
    expect(await openId.finish(back, flow.flow)).toMatchObject({ rejected: 'sign_in_failed' });
    now = FLOW_MS;
    expect(await openId.finish(back, flow.flow)).toMatchObject({
      rejected: 'sign_in_expired',
    });
    const nobody = { ...settings(), SOTTO_OIDC_ISSUER: 'http://127.0.0.1:9' };
    expect(
      await createOpenId(readConfig(nobody).openId!, { now: () => now }, log).begin('https://x.example'),
    ).toMatchObject({ rejected: 'sign_in_unavailable' });
  });

  it('begun by thousands ends nobody else’s', async () => {
    const browser = createBrowser();
    const back = await authorize(browser, 'ada');
    await Promise.all(
      Array.from({ length: 1100 }, () => createBrowser().go(new URL('/api/admin/openid/start', coordinator.url))),
    );
    expect((await browser.go(back)).headers.get('location')).toBe('/admin');
  });

  it('is asked for again after a restart, as roles may have changed, or once an admin has ended all sessions', async () => {
    const folder = join(newFolder(), 'data');
    const start = (roles: object) =>
      startCoordinator(readConfig({ ...settings(), SOTTO_DATA_DIR: folder, ...roles }), { tasksDirs: [makeTasks()] });
    const codeOf = async (at: Coordinator, method: string, path: string, cookie: string) => {
      const response = await fetch(new URL(path, at.url), { method, headers: { cookie, origin: at.url } });
      return [response.status, await response.json()] as [number, { entries?: { action: string }[] }];
    };
    const { store, close } = await openStore(folder);
    const [provided, local] = await Promise.all(
      [
        { name: 'Ada', subject: 'ada', role: 'admin' as const },
        { name: 'local admin', subject: null, role: 'admin' as const },
      ].map((person) => createAdminSessions(store, { now: Date.now }).open(person, 60_000)),
    );
    await close();
    const again = await start({ SOTTO_OIDC_ADMINS: 'bob@example.org' });
    try {
      const cookie = `sotto_admin=${local}`;
      expect((await codeOf(again, 'GET', '/api/admin', `sotto_admin=${provided}`))[0]).toBe(401);
      const [, { entries }] = await codeOf(again, 'GET', '/api/admin/audit', cookie);
      expect(entries).toEqual([]);
      expect((await codeOf(again, 'DELETE', '/api/admin/sessions', cookie))[0]).toBe(200);
      expect((await codeOf(again, 'GET', '/api/admin', cookie))[0]).toBe(401);
    } finally {
      await again.close();
    }
  });
});

describe('its settings', () => {
  it('hide the client’s secret however they are printed', () => {
    const config = readConfig(settings());
    expect(config.openId!.clientSecret.reveal()).toBe(SECRET);
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.openId!.clientSecret}`])
      expect(text).not.toContain(SECRET);
    expect(() => readConfig({ SOTTO_OIDC_CLIENT_SECRET: SECRET })).toThrow(/all three, or none/);
  });

  it.each([
    ['http://login.example.org', false],
    ['https://login.example.org/realms/a', true],
    ['http://localhost:9000', true],
    ['ftp://localhost', false],
  ])('take an issuer over TLS, or on this machine: %s', (address, fine) => {
    const read = () => readConfig({ ...settings(), SOTTO_OIDC_ISSUER: address });
    if (fine) expect(read().openId!.issuer).toBe(address);
    else expect(read).toThrow(/https address/);
  });

  it('ask who may sign in', () => {
    expect(() => readConfig({ ...settings(), SOTTO_OIDC_ADMINS: '', SOTTO_OIDC_VIEWERS: '' })).toThrow(
      /who may sign in/,
    );
    expect(() => readConfig({ ...settings(), SOTTO_OIDC_ADMINS: 'ada' })).toThrow(/e-mail addresses or claims/);
  });
});

describe('roles', () => {
  const grants = { admins: parseGrants('sub=a=1, groups=boss')!, viewers: parseGrants('v@x.org')! };
  it.each([
    [{ sub: 'a=1' }, 'admin'],
    [{ sub: 'a' }, undefined],
    [{ sub: 'x', groups: ['boss'], email: 'v@x.org', email_verified: true }, 'admin'],
    [{ sub: 'x', groups: 'boss' }, 'admin'],
    [{ sub: 'x', groups: 'bossy' }, undefined],
    [{ sub: 'x', email: 'V@X.org', email_verified: true }, 'viewer'],
    [{ sub: 'x', email: 'v@x.org', email_verified: 'true' }, undefined],
    [{ sub: 'x', email: 'v@x.org' }, undefined],
  ])('%j is %s', (claims, role) => {
    expect(roleOf(claims, grants)).toBe(role);
  });
});
