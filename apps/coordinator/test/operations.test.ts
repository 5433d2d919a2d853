import { createPrivateKey } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import { toHex } from '@sotto/protocol/bytes';
import { Challenge, helloString } from '@sotto/protocol/messages';
import { signerOf } from '@sotto/protocol/signature';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { createReadiness, type ReadinessPorts } from '../src/readiness.ts';
import type { Device } from './crash/device.ts';
import { newFolder } from './hall.ts';
import { connectDevices, playRound } from './live.ts';
import { makeTasks } from './task-folder.ts';

const TOKEN = 'metrics-token-0123456789';
const folder = join(newFolder(), 'data');
let coordinator: Coordinator;
let devices: Device[] = [];
let logged = '';
let cookie = '';

beforeAll(async () => {
  coordinator = await startCoordinator(readConfig({ SOTTO_DATA_DIR: folder, PORT: '0', SOTTO_METRICS_TOKEN: TOKEN }), {
    tasksDirs: [makeTasks()],
    pages: newFolder(),
    checkAnswers: true,
    logger: createLog('trace', {
      write(line) {
        logged += line;
      },
    }),
  });
});
afterAll(async () => {
  for (const device of devices) device.die();
  await coordinator.close();
});

/** Below fetch, which writes the Host header itself. */
async function ask(path: string, headers: Record<string, string> = {}) {
  const { port } = new URL(coordinator.localUrl);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject);
  const response = await promise;
  return { status: response.statusCode!, text: (await response.setEncoding('utf8').toArray()).join('') };
}

function send(method: string, path: string, body: object): Promise<Response> {
  return fetch(new URL(path, coordinator.localUrl), {
    method,
    headers: { 'content-type': 'application/json', origin: coordinator.url, cookie },
    body: JSON.stringify(body),
  });
}

/** A machine without faults. */
const idle: ReadinessPorts = {
  store: { recall: async () => 'key' },
  blobs: { write: async () => {}, remove: async () => {} },
  log: { error() {}, info() {} } as never,
  isDraining: () => false,
  failing: () => [],
};

describe('probes', () => {
  it('are answered by whatever name they call, and told nothing but yes', async () => {
    for (const host of ['10.1.2.3:8787', 'sotto.internal'])
      for (const path of ['/healthz', '/readyz'])
        expect(await ask(path, { host }), `${host}${path}`).toEqual({ status: 200, text: '{"ok":true}' });
    expect((await ask('/api/tasks', { host: '10.1.2.3:8787' })).status).toBe(421);
  });

  it('are told that work cannot be done while a file cannot be written, and that it can again', async () => {
    const blobs = join(folder, 'blobs');
    // Nothing can be made below a file, not even as root.
    renameSync(blobs, `${blobs}.away`);
    writeFileSync(blobs, 'in the way');
    const problems = () => ask('/readyz');
    await expect.poll(problems, { timeout: 20_000, interval: 200 }).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^{"rejected":"not_ready","message":"Not ready: files cannot be written/),
    });
    expect((await problems()).text).not.toContain(folder);
    expect((await ask('/healthz')).status).toBe(200);
    renameSync(blobs, `${blobs}.gone`);
    renameSync(`${blobs}.away`, blobs);
    await expect.poll(problems, { timeout: 20_000, interval: 200 }).toMatchObject({ status: 200 });
  });

  it('ask the disk once for many that ask at the same time', async () => {
    let written = 0;
    const problems = createReadiness({
      ...idle,
      blobs: {
        async write() {
          written += 1;
        },
        remove: async () => {},
      },
    });
    expect(await Promise.all(Array.from({ length: 100 }, problems))).toEqual(Array(100).fill([]));
    expect(written).toBe(1);
  });

  it.each([
    ['data folder', 'files cannot be written'],
    ['database', 'the database cannot be written'],
  ] as const)('blame the part that is at fault though it answers just now: %s', async (part, problem) => {
    expect(await createReadiness({ ...idle, failing: () => [part] })()).toEqual([problem]);
  });
});

describe('metrics', () => {
  const read = async () => (await ask('/metrics', { ...own(), authorization: `Bearer ${TOKEN}` })).text;
  const own = () => ({ host: new URL(coordinator.url).host });
  const numberOf = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1),
    );

  it('are for who shows the token or is signed in, and the token opens nothing else', async () => {
    expect((await ask('/metrics', own())).status).toBe(401);
    expect((await ask('/metrics', { ...own(), authorization: 'Bearer metrics-token-9999999999' })).status).toBe(401);
    const token = { ...own(), authorization: `Bearer ${TOKEN}` };
    expect((await ask('/metrics', token)).status).toBe(200);
    expect(JSON.parse((await ask('/api/admin', token)).text)).toMatchObject({ rejected: 'not_allowed' });
    const signedIn = await send('POST', '/api/admin/session', { token: coordinator.adminToken });
    cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    expect((await ask('/metrics', { ...own(), cookie })).status).toBe(200);
  });

  it('tell rounds, phases, messages, bytes, refusals, devices, storage, disk, memory and the event loop, and name no device', async () => {
    devices = await connectDevices(coordinator.localUrl, 3);
    const before = await read();
    expect(numberOf(before, 'sotto_devices_connected{task="tiny"}')).toBe(3);
    expect(numberOf(before, 'sotto_round_phase{task="tiny",phase="waiting"}')).toBe(1);
    expect((await playRound(coordinator.runs)).rounds[0]?.kind).toBe('published');
    await ask('/api/tasks/none', own());
    expect((await send('POST', '/api/admin/session', { token: 'x'.repeat(100_000) })).status).toBe(413);
    const text = await read();
    expect(numberOf(text, 'sotto_rounds_total{task="tiny",outcome="published",reason=""}')).toBe(1);
    expect(numberOf(text, 'sotto_round_phase_seconds_count{phase="collecting"}')).toBe(1);
    expect(numberOf(text, 'sotto_updates_accepted_total')).toBe(3);
    expect(numberOf(text, 'sotto_messages_total{direction="in",message="hello"}')).toBe(3);
    expect(numberOf(text, 'sotto_message_bytes_total{direction="in",message="part"}')).toBeGreaterThan(30_000);
    expect(numberOf(text, 'sotto_message_bytes_total{direction="out",message="candidates"}')).toBeGreaterThan(30_000);
    expect(numberOf(text, 'sotto_messages_total{direction="out",message="duty"}')).toBeGreaterThan(8);
    expect(numberOf(text, 'sotto_rejections_total{code="not_found",kind="/api/tasks/:id"}')).toBe(1);
    expect(numberOf(text, 'sotto_rejections_total{code="bad_message",kind="/api/admin/session"}')).toBe(1);
    expect(numberOf(text, 'sotto_storage_seconds_count{port="store",call="append"}')).toBeGreaterThan(10);
    expect(numberOf(text, 'sotto_storage_seconds_count{port="blobs",call="append"}')).toBeGreaterThanOrEqual(3);
    expect(numberOf(text, 'sotto_disk_bytes{kind="free"}')).toBeGreaterThan(0);
    expect(numberOf(text, 'sotto_run_rounds_published{task="tiny"}')).toBe(1);
    expect(numberOf(text, 'sotto_run_contributors{task="tiny"}')).toBe(3);
    expect(numberOf(text, 'sotto_run_test_accuracy{task="tiny"}')).toBeGreaterThanOrEqual(0);
    expect(numberOf(text, 'sotto_run_state{task="tiny",state="finished"}')).toBe(1);
    expect(text).not.toMatch(/^sotto_run_epsilon_spent{|^sotto_mlflow/m);
    expect(numberOf(text, 'sotto_ready')).toBe(1);
    expect(numberOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    for (const device of devices) expect(text).not.toContain(device.id());
    expect(text).not.toMatch(/[0-9a-f]{32}/);
  });

  it('do not grow with names that strangers make up', async () => {
    const lines = (await read()).split('\n').length;
    for (let i = 0; i < 20; i++) await ask(`/made-up-${i}`, own());
    // A page that is not declared, and its refusal: a few series, once.
    const after = (await read()).split('\n').length;
    for (let i = 20; i < 60; i++) await ask(`/made-up-${i}`, own());
    expect((await read()).split('\n').length).toBe(after);
    expect(after - lines).toBeLessThan(30);
  });
});

describe('the log', () => {
  const lines = () =>
    logged
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  /** A device that comes by a link with a code, far enough to be let in. */
  async function comeInvited(invite: string) {
    const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
    const key = toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
    const transport = createSocketTransport(coordinator.localUrl);
    const challenge = await new Promise((resolve) =>
      transport.open({ onHint: ({ name, payload }) => name === 'challenge' && resolve(payload), onDisconnect() {} }),
    );
    const signature = await signerOf(pair.privateKey, key).sign(helloString(Challenge.parse(challenge)));
    const about = { version: 1 as const, task: 'tiny', certificates: [], contributes: true };
    const answer = await transport.request('hello', { ...about, key, signature, invite });
    transport.close();
    return answer;
  }

  it('says at every level which task, run, round, device and request a line is about', async () => {
    const events = lines().filter(({ msg }) => msg === 'event');
    const hex = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(events).toContainEqual(
      expect.objectContaining({ task: 'tiny', run: expect.any(String), round: 1, event: 'update', device: hex }),
    );
    expect(lines()).toContainEqual(expect.objectContaining({ msg: 'a device is here', task: 'tiny', device: hex }));
    expect(lines()).toContainEqual(
      expect.objectContaining({
        msg: 'http',
        request: expect.stringMatching(/^[0-9a-f-]{36}$/),
        method: 'GET',
        route: '/api/plans/:hash',
        status: 200,
      }),
    );
  });

  it('holds no token, cookie, invite code or key after a round, sign-ins and invitations, at trace level', async () => {
    await send('PUT', '/api/admin/tasks/tiny/admission', { admission: 'invite' });
    const made = await send('POST', '/api/admin/invites', { task: 'tiny' });
    const { code } = (await made.json()) as { code: string };
    expect(await comeInvited('A'.repeat(43))).toMatchObject({ rejected: expect.stringMatching(/^invite/) });
    expect(await comeInvited(code)).toMatchObject({ reply: { standing: 'admitted' } });
    const der = readFileSync(join(folder, 'coordinator.key'));
    const { d } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
    const secrets = {
      token: coordinator.adminToken,
      cookie: cookie.split('=')[1]!,
      metrics: TOKEN,
      code,
      guess: 'A'.repeat(43),
      key: d!,
      'key in hex': Buffer.from(d!, 'base64url').toString('hex'),
    };
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length, name).toBeGreaterThan(15);
      expect(logged, name).not.toContain(secret);
    }
    expect(lines().length).toBeGreaterThan(50);
  });

  it('hides what a library brings along in an error', () => {
    let line = '';
    const log = createLog('trace', {
      write(text) {
        line += text;
      },
    });
    const err = Object.assign(new Error('it failed'), { config: { headers: { cookie: 'geheim' } }, token: 'geheim' });
    log.error({ err, authorization: 'geheim', request: { headers: { authorization: 'geheim' } } }, 'failed');
    expect(line).not.toContain('geheim');
    expect(line.match(/\[secret\]/g)).toHaveLength(4);
  });
});
