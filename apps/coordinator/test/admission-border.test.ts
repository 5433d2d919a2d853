import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DevicePage } from '@sotto/protocol/admin/devices';
import { toHex } from '@sotto/protocol/bytes';
import { deviceIdOf } from '@sotto/protocol/ids';
import { Challenge, helloString, Refusal } from '@sotto/protocol/messages';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { AdmissionView, AuditPage } from '@sotto/protocol/views';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { newFolder } from './hall.ts';
import { makeTasks } from './task-folder.ts';

let coordinator: Coordinator;
let cookie: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    { tasksDirs: [makeTasks()], pages: newFolder(), checkAnswers: true },
  );
  const signedIn = await call('POST', '/api/admin/session', { token: coordinator.adminToken });
  cookie = signedIn.cookie;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => coordinator.close());

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(new URL(path, coordinator.localUrl), {
    method,
    headers: {
      origin: coordinator.url,
      ...(cookie && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const set = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { status: response.status, cookie: set, json: (await response.json()) as Record<string, unknown> };
}

async function signer(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

/** A device by hand, over a real socket. */
async function knock(keys: Signer, invite?: string) {
  const socket = io(coordinator.localUrl, { transports: ['websocket'], forceNew: true, reconnection: false });
  sockets.push(socket);
  const challenge = Challenge.parse(await new Promise((resolve) => socket.once('challenge', resolve)));
  const hello = async (by = keys): Promise<Record<string, unknown>> =>
    socket.emitWithAck('hello', {
      version: 1,
      task: 'tiny',
      key: by.publicKey,
      signature: await by.sign(helloString(challenge)),
      certificates: [],
      contributes: true,
      ...(invite !== undefined && { invite }),
    });
  return { socket, hello };
}

it('takes one guess of an invite code a connection', async () => {
  expect((await call('PUT', '/api/admin/tasks/tiny/admission', { admission: 'invite' })).status).toBe(200);
  const { hello } = await knock(await signer(), 'A'.repeat(32));
  expect(await hello()).toMatchObject({ rejected: 'invite_wrong' });
  expect(await hello()).toMatchObject({ rejected: 'bad_message' });
});

it('lets in by a code that is in one answer and in no list, log entry or refusal', async () => {
  const made = await call('POST', '/api/admin/invites', { task: 'tiny', label: 'for two', uses: 2 });
  expect(made).toMatchObject({ status: 201, json: { used: 0, uses: 2, expiry: null } });
  const code = made.json.code as string;
  const keys = await signer();
  expect(await (await knock(keys, code)).hello()).toMatchObject({ standing: 'admitted' });
  const door = (await call('GET', '/api/admin/tasks/tiny/admission')).json;
  const devices = (await call('GET', '/api/admin/tasks/tiny/devices')).json;
  const device = deviceIdOf(keys.publicKey);
  expect(AdmissionView.parse(door)).toMatchObject({
    task: 'tiny',
    admission: 'invite',
    invites: [{ label: 'for two', used: 1 }],
  });
  expect(DevicePage.parse(devices).devices).toMatchObject([
    { device, verdict: 'admitted', invite: made.json.invite, connected: true },
  ]);
  expect(JSON.stringify([door, devices, (await call('GET', '/api/admin/audit')).json])).not.toContain(code);
});

it('tells a device that is shut out, hangs up on it, and hears nothing of it in between', async () => {
  await call('PUT', '/api/admin/tasks/tiny/admission', { admission: 'open' });
  const keys = await signer();
  const { socket, hello } = await knock(keys);
  expect(await hello()).toMatchObject({ standing: 'admitted' });
  const dismissed = new Promise((resolve) => socket.once('dismissed', resolve));
  const gone = new Promise((resolve) => socket.once('disconnect', resolve));
  const device = deviceIdOf(keys.publicKey);
  const revoked = await call('POST', '/api/admin/verdicts', { task: null, device, verdict: 'revoked' });
  expect(revoked.status).toBe(200);
  expect(Refusal.parse(await dismissed)).toMatchObject({ rejected: 'revoked' });
  expect(await socket.emitWithAck('commit', { planHash: 'ab'.repeat(32) })).toMatchObject({ rejected: 'revoked' });
  expect(await Promise.race([gone, wait(10_000)])).toBe('io server disconnect');
  expect(await (await knock(keys)).hello()).toMatchObject({ rejected: 'revoked' });
  await call('POST', '/api/admin/verdicts', { task: 'tiny', device, verdict: 'admitted' });
  expect(await (await knock(keys)).hello()).toMatchObject({ standing: 'admitted' });
});

it('refuses a hello that was overheard on another connection, and names no device but by its key', async () => {
  const keys = await signer();
  const [first, second] = [await knock(keys), await knock(keys)];
  const overheard = Challenge.parse({ coordinator: coordinator.coordinatorKey, nonce: 'cd'.repeat(32) });
  const signature = await keys.sign(helloString(overheard));
  expect(
    await first.socket.emitWithAck('hello', {
      version: 1,
      task: 'tiny',
      key: keys.publicKey,
      signature,
      certificates: [],
      contributes: true,
    }),
  ).toMatchObject({ rejected: 'bad_signature' });
  expect(await second.hello()).toMatchObject({ device: deviceIdOf(keys.publicKey) });
});

it('refuses decisions that make no sense, and writes down those that were made, with who made them', async () => {
  const device = 'ab'.repeat(32);
  for (const [method, path, body, code] of [
    ['PUT', '/api/admin/tasks/none/admission', { admission: 'open' }, 'unknown_task'],
    ['PUT', '/api/admin/tasks/tiny/admission', { admission: 'certified' }, 'bad_config'],
    ['PUT', '/api/admin/tasks/tiny/admission', { admission: 'closed' }, 'bad_message'],
    ['POST', '/api/admin/invites', { task: 'none' }, 'unknown_task'],
    ['POST', '/api/admin/invites', { task: 'tiny', uses: 0 }, 'bad_message'],
    ['POST', '/api/admin/invites', { task: 'tiny', expiry: 1 }, 'bad_config'],
    ['DELETE', `/api/admin/invites/${'ab'.repeat(32)}`, undefined, 'not_found'],
    ['POST', '/api/admin/verdicts', { task: null, device, verdict: 'admitted' }, 'bad_message'],
    ['POST', '/api/admin/verdicts', { task: 'none', device, verdict: 'revoked' }, 'unknown_task'],
    ['POST', '/api/admin/verdicts', { task: 'tiny', device: 'x', verdict: 'revoked' }, 'bad_message'],
  ] as const)
    expect((await call(method, path, body)).json.rejected, `${path} ${JSON.stringify(body)}`).toBe(code);
  await call('POST', '/api/admin/verdicts', { task: 'tiny', device, verdict: 'revoked' });
  const { entries } = AuditPage.parse((await call('GET', '/api/admin/audit?most=2')).json);
  expect(entries).toHaveLength(2);
  expect(entries[0]).toMatchObject({
    who: 'local admin',
    action: 'decide on device',
    detail: { task: 'tiny', device, verdict: 'revoked' },
  });
  expect(entries[1]).toMatchObject({ action: 'decide on device: begun', detail: entries[0]!.detail });
  const older = AuditPage.parse((await call('GET', `/api/admin/audit?most=200&before=${entries[1]!.entry}`)).json);
  expect(older.entries.at(-1)).toMatchObject({ who: 'local admin', action: 'sign in' });
  // What was refused does not read as done.
  expect(older.entries[0]).toMatchObject({ action: 'decide on device: refused', detail: { why: 'unknown_task' } });
});
