import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import { DONE, Done } from '@sotto/protocol/messages';
import { AuditPage } from '@sotto/protocol/views';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { logIn, logOut, openAdmin } from '../src/admin-session.ts';
import { sotto, temporaryFolder } from './command.ts';

const folder = temporaryFolder();
const data = join(folder.path, 'data');
let coordinator: Coordinator;
let file: string;
let count = 0;

beforeAll(async () => {
  const settings = { SOTTO_DATA_DIR: data, PORT: '0', SOTTO_LOG: 'silent' };
  coordinator = await startCoordinator(readConfig(settings), { pages: folder.path });
});
beforeEach(() => {
  const home = join(folder.path, `home-${count++}`);
  vi.stubEnv('XDG_CONFIG_HOME', home);
  file = join(home, 'sotto', 'sessions.json');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await coordinator.close();
  folder[Symbol.dispose]();
});

const token = (role: 'admin' | 'viewer' = 'admin') => makeSignInToken(data, role, Date.now() + 60_000);

test('a login is kept for its owner only, and is what commands ask with until it is ended', async () => {
  const url = coordinator.localUrl;
  expect(await logIn(url, token())).toEqual({ name: 'local admin', subject: null, role: 'admin' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);

  const admin = openAdmin();
  expect(admin.url).toBe(url);
  const { entries } = await admin.get(AuditPage, '/api/admin/audit?most=1');
  expect(entries[0]).toMatchObject({ who: 'local admin', action: 'sign in' });
  const admission = { admission: 'approval' };
  expect(await admin.send('PUT', '/api/admin/tasks/mnist/admission', admission, Done)).toEqual(DONE);
  expect((await admin.bytes('/api/openapi.json')).length).toBeGreaterThan(1000);

  expect(await logOut()).toEqual({ url, ended: true });
  expect(readFileSync(file, 'utf8')).not.toContain('sotto_admin');
  await expect(admin.get(AuditPage, '/api/admin/audit')).rejects.toThrow(/has ended.*sotto login --url/s);
  expect(() => openAdmin()).toThrow('Log in first');
  expect(() => openAdmin(url)).toThrow(`Nobody is logged in to ${url}`);
});

test('a viewer’s login changes nothing, and a wrong token is refused', async () => {
  await logIn(coordinator.localUrl, token('viewer'));
  const admin = openAdmin(coordinator.localUrl);
  await expect(
    admin.send('PUT', '/api/admin/tasks/mnist/admission', { admission: 'open' }, Done),
  ).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(logIn(coordinator.localUrl, 'wrong')).rejects.toMatchObject({ code: 'wrong_token' });
});

test('a coordinator that is away is said to be, and its login is forgotten all the same', async () => {
  const away = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(folder.path, 'away'), PORT: '0', SOTTO_LOG: 'silent' }),
    { pages: folder.path },
  );
  await logIn(coordinator.localUrl, token());
  await logIn(away.localUrl, makeSignInToken(join(folder.path, 'away'), 'admin', Date.now() + 60_000));
  await away.close();
  await expect(openAdmin().get(AuditPage, '/api/admin/audit')).rejects.toThrow('No coordinator answers');
  expect(await logOut()).toEqual({ url: away.localUrl, ended: false });
  expect(openAdmin().url).toBe(coordinator.localUrl);
});

test('the command takes the link as “sotto token” prints it', async () => {
  const link = `${coordinator.localUrl}/admin#token=${token()}`;
  const done = await sotto(['login', '--url', link]);
  expect(done).toMatchObject({ code: 0, stdout: '' });
  expect(done.stderr).toContain(`Logged in to ${coordinator.localUrl} as local admin, admin.`);
  expect((await sotto(['logout'])).stderr).toContain('Logged out of');
});
