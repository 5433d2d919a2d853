import { mkdirSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import { AdminView } from '@sotto/protocol/admin/overview';
import { Challenge } from '@sotto/protocol/messages';
import { isRejection } from '@sotto/protocol/rejection';
import { RunSummary } from '@sotto/protocol/run';
import { TaskList, TaskView } from '@sotto/protocol/views';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import type { DeviceRequest } from '../src/http/local-devices.ts';
import { allowHost } from '../src/http/origin.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { newFolder } from './hall.ts';
import { makeTasks } from './task-folder.ts';

let coordinator: Coordinator;
const started: (DeviceRequest & { url: string })[] = [];
let stopped = 0;

beforeAll(async () => {
  const pages = newFolder();
  mkdirSync(join(pages, 'assets'));
  writeFileSync(join(pages, 'index.html'), '<title>the app</title>');
  writeFileSync(join(pages, 'assets', 'main-abc.js'), 'export {};');
  writeFileSync(join(pages, 'assets', 'main-abc.js.gz'), gzipSync('export {};'));
  writeFileSync(join(pages, 'sw.js'), 'self.registration;');
  writeFileSync(join(pages, 'manifest.webmanifest'), '{}');
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    {
      tasksDirs: [makeTasks()],
      checkAnswers: true,
      pages,
      startDevices: async (request) => {
        started.push(request);
        return {
          ids: () => ['d1'],
          stop: async () => {
            stopped += 1;
          },
        };
      },
    },
  );
});
afterAll(() => coordinator.close());

async function ask(path: string, init: RequestInit & { body?: string } = {}) {
  const headers = {
    // As a page of its own says it.
    ...(init.method !== undefined && { origin: coordinator.url }),
    ...(init.body !== undefined && { 'content-type': 'application/json' }),
    ...init.headers,
  };
  const response = await fetch(new URL(path, coordinator.localUrl), { ...init, headers });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const json = () => JSON.parse(text) as { rejected?: string; message?: string };
  return { status: response.status, headers: response.headers, bytes, text, json };
}

/** Below fetch, which writes addresses and the Host header as they should be. */
async function askAs(host: string, path: string): Promise<{ status: number; text: string }> {
  const { port } = new URL(coordinator.localUrl);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, resolve).on('error', reject);
  const response = await promise;
  return { status: response.statusCode!, text: (await response.setEncoding('utf8').toArray()).join('') };
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body: JSON.stringify(body), headers });

describe('what everybody may read', () => {
  it('lists tasks and shows one, in the shapes the pages expect', async () => {
    expect((await ask('/healthz')).status).toBe(200);
    const list = TaskList.parse((await ask('/api/tasks')).json());
    expect(list.tasks.map(({ id }) => id)).toEqual(['tiny']);
    const view = TaskView.parse((await ask('/api/tasks/tiny')).json());
    expect(view).toMatchObject({
      parameters: 6,
      sampleExamples: 12,
      card: '# Tiny data',
      excerpts: [],
      run: null,
      earlier: null,
      pinned: null,
    });
    expect(view.coordinator).toBe(coordinator.coordinatorKey);
  });

  it('hands out training examples by shard, and never more than there are', async () => {
    const seen: number[] = [];
    for (const index of [0, 1, 2]) {
      const part = decodeDataset((await ask(`/api/tasks/tiny/sample?index=${index}&count=3`)).bytes, 2);
      if (isRejection(part)) throw new Error(part.message);
      seen.push(...Array.from({ length: part.labels.length }, (_, i) => part.inputs[2 * i]!));
    }
    expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const few = decodeDataset((await ask('/api/tasks/tiny/sample?limit=2')).bytes, 2);
    expect(isRejection(few) || few.labels.length).toBe(2);
    for (const query of ['index=3&count=3', 'count=13', 'count=x', 'by=test', 'split=test', 'limit=0'])
      expect((await ask(`/api/tasks/tiny/sample?${query}`)).json().rejected, query).toBe('bad_message');
  });

  it('sends samples gzipped to whoever takes that, and as they are to others', async () => {
    const plain = await ask('/api/tasks/tiny/sample', { headers: { 'accept-encoding': 'identity' } });
    const zipped = await ask('/api/tasks/tiny/sample', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(zipped.headers.get('vary')).toContain('accept-encoding');
    expect(zipped.bytes).toEqual(plain.bytes);
  });

  it('deals samples in another thread, so that no one asking for them holds up the rounds', async () => {
    const dealt = vi.spyOn(coordinator.tasks.get('tiny')!.data, 'train');
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/api/tasks/tiny/sample?by=label')));
    expect(new Set(answers.map(({ status, bytes }) => `${status} ${bytes.length}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(200);
    expect(dealt).not.toHaveBeenCalled();
    dealt.mockRestore();
  });

  it('answers what is not there with a code and words', async () => {
    const hash = 'ab'.repeat(32);
    for (const path of [
      'tasks/none',
      'tasks/none/sample',
      `plans/${hash}`,
      `models/${hash}`,
      'models/..%2f..%2fsotto',
      `transcripts/${hash}`,
      'runs/none',
      'nothing',
    ]) {
      const { status, json } = await ask(`/api/${path}`);
      expect(status, path).toBe(404);
      expect(json()).toMatchObject({ rejected: 'not_found', message: expect.any(String) });
    }
  });

  it('says on every answer what a page may load', async () => {
    for (const path of ['/', '/api/tasks', '/api/none', '/assets/main-abc.js']) {
      const { headers } = await ask(path);
      expect(headers.get('content-security-policy'), path).toMatch(
        /default-src 'self'; script-src 'self' 'wasm-unsafe-eval';.*frame-ancestors 'none'/,
      );
      expect(headers.get('content-security-policy')).toContain(
        `; connect-src 'self' ${coordinator.url.replace('http:', 'ws:')};`,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      const permissions = headers.get('permissions-policy')!.split(', ');
      expect(permissions).toEqual(expect.arrayContaining(['camera=(self)', 'screen-wake-lock=(self)']));
      for (const feature of [
        'microphone',
        'geolocation',
        'display-capture',
        'accelerometer',
        'usb',
        'bluetooth',
        'midi',
      ])
        expect(permissions).toContain(`${feature}=()`);
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });
});

describe('the name it is called by', () => {
  it('is one of its own, so that no other name can be made to point at it', async () => {
    const { port } = new URL(coordinator.localUrl);
    for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])
      expect((await askAs(`${name}:${port}`, '/api/tasks')).status, name).toBe(200);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost', `localhost:${port}@evil.example`, '%']) {
      const { status, text } = await askAs(host, '/api/tasks');
      expect(status, host).toBe(421);
      expect(JSON.parse(text)).toMatchObject({
        rejected: 'unknown_host',
        message: expect.stringMatching('PUBLIC_URL'),
      });
      expect((await askAs(host, '/')).status, host).toBe(421);
    }
  });

  it('may be that of the public address, whether a proxy in front passes it on or not', () => {
    const allowed = allowHost(['https://learn.example.org', 'http://localhost:8787']);
    for (const host of ['learn.example.org', 'learn.example.org:443', 'localhost:8787', '127.0.0.1:8787'])
      expect(allowed(host), host).toBe(true);
    for (const host of [
      'example.org',
      'learn.example.org:80',
      'learn.example.org.evil.example',
      'localhost',
      undefined,
    ])
      expect(allowed(host), host).toBe(false);
  });
});

describe('the pages', () => {
  it('come from the built app, whatever address in it was asked for', async () => {
    for (const path of ['/', '/t/tiny', '/admin']) {
      const { text, headers, status } = await ask(path);
      expect([status, text, headers.get('cache-control')]).toEqual([200, '<title>the app</title>', 'no-cache']);
    }
    expect((await ask('/assets/main-abc.js')).headers.get('cache-control')).toMatch(/immutable/);
    expect((await ask('/assets/gone.js')).status).toBe(404);
    for (const path of ['//', '///', '//:', '//%'])
      expect((await askAs(new URL(coordinator.url).host, path)).status, path).toBeLessThan(500);
    expect((await askAs(new URL(coordinator.url).host, '//')).status).toBe(404);
  });

  it('are handed out as they were compressed, where the browser takes that', async () => {
    const packed = await ask('/assets/main-abc.js', { headers: { 'accept-encoding': 'gzip' } });
    expect([packed.text, packed.headers.get('content-encoding')]).toEqual(['export {};', 'gzip']);
    expect(packed.headers.get('content-type')).toMatch(/javascript/);
    expect(packed.headers.get('vary')).toMatch(/accept-encoding/i);
    const plain = await ask('/assets/main-abc.js', { headers: { 'accept-encoding': 'identity' } });
    expect([plain.text, plain.headers.get('content-encoding')]).toEqual(['export {};', null]);
  });

  it('are asked for anew where their name stays when they change: the service worker and the manifest', async () => {
    const worker = await ask('/sw.js');
    expect([worker.status, worker.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(worker.headers.get('content-type')).toMatch(/javascript/);
    const manifest = await ask('/manifest.webmanifest');
    expect([manifest.headers.get('content-type'), manifest.headers.get('cache-control')]).toEqual([
      expect.stringContaining('application/manifest+json'),
      'no-cache',
    ]);
  });

  it('say what to do where they are not built', async () => {
    const bare = await startCoordinator(
      readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
      { tasksDirs: [makeTasks()], pages: newFolder() },
    );
    const response = await fetch(new URL('/t/tiny', bare.localUrl));
    expect(response.status).toBe(503);
    expect(await response.text()).toMatch(/npm start/);
    await bare.close();
  });
});

describe('the admin', () => {
  let cookie = '';

  it('is nobody without the token, and the token is good once', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/runs'],
      ['POST', '/runs/x/stop'],
      ['POST', '/devices'],
      ['DELETE', '/devices'],
      ['POST', '/certificates'],
      ['DELETE', '/session'],
    ])
      expect((await ask(`/api/admin${path}`, { method: method! })).json().rejected, `${method} ${path}`).toBe(
        'not_signed_in',
      );
    expect((await post('/api/admin/session', { token: 'wrong' })).json().rejected).toBe('wrong_token');
    expect((await post('/api/admin/session', {})).json()).toMatchObject({
      rejected: 'bad_message',
      message: expect.stringMatching('token'),
    });
    const { status, headers } = await post('/api/admin/session', { token: coordinator.adminToken });
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toMatch(
      /^sotto_admin=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    cookie = headers.get('set-cookie')!.split(';')[0]!;
    expect((await post('/api/admin/session', { token: coordinator.adminToken })).json().rejected).toBe('wrong_token');
  });

  it('sees how everything stands, uncached', async () => {
    const { json, headers } = await ask('/api/admin', { headers: { cookie } });
    expect(AdminView.parse(json())).toMatchObject({ publicUrl: coordinator.url, tasks: [{ id: 'tiny', run: null }] });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('may not be driven by a page of another origin', async () => {
    const foreign = await post('/api/admin/runs', { task: 'tiny' }, { cookie, origin: 'https://evil.example' });
    expect([foreign.status, foreign.json().rejected]).toEqual([403, 'foreign_origin']);
    const own = await post(
      '/api/admin/runs',
      { task: 'none' },
      { cookie, origin: coordinator.url.replace('localhost', '127.0.0.1') },
    );
    expect(own.json().rejected).toBe('unknown_task');
  });

  it('starts a run with the task’s own settings, one at a time, pauses, resumes and stops it', async () => {
    for (const [body, field] of [
      [{ task: 'tiny', rounds: 0 }, /rounds/],
      [{ task: 'tiny', minimumCohort: 2 }, /minimumCohort/],
      [{ task: 'tiny', cohort: { least: 5, most: 4 } }, /cohort/],
      [{ task: 'tiny', cohort: { most: 250_000 } }, /cohort/],
      [{ task: 'tiny', lanes: 9 }, /lanes/],
      [{ task: 'tiny', committee: 'named' }, /SOTTO_STUDY_KEY/],
      [{ task: 'tiny', admission: 'certified' }, /admission.*SOTTO_STUDY_KEY/],
      [{ task: 'tiny', admission: 'closed' }, /admission/],
      [{ task: 'tiny', durations: { uploadMs: 24 * 3_600_000 } }, /durations/],
      [{ task: 'tiny', speed: 1 }, /speed/],
      [{}, /task/],
    ] as const)
      expect((await post('/api/admin/runs', body, { cookie })).json().message, JSON.stringify(body)).toMatch(field);
    const { status, json } = await post('/api/admin/runs', { task: 'tiny', seed: 3 }, { cookie });
    expect(status).toBe(201);
    const run = RunSummary.parse(json());
    expect(run.config).toMatchObject({
      rounds: 2,
      minimumCohort: 3,
      cohort: { least: 3 },
      seed: 3,
      committee: 'drawn',
      admission: 'open',
    });
    const model = await ask(`/api/models/${run.initial.model}`);
    expect(model.headers.get('cache-control')).toMatch(/immutable/);
    // The link to it names the file.
    expect(model.headers.get('content-disposition')).toBe('attachment');
    expect((await post('/api/admin/runs', { task: 'tiny' }, { cookie })).json().rejected).toBe('run_running');
    expect(RunSummary.parse((await ask(`/api/runs/${run.run}`)).json()).state).toBe('running');
    const pause = await post(`/api/admin/runs/${run.run}/pause`, {}, { cookie });
    expect(RunSummary.parse(pause.json())).toMatchObject({ state: 'paused', note: expect.stringMatching(/admin/) });
    expect(await post(`/api/admin/runs/${run.run}/pause`, { now: true }, { cookie })).toMatchObject({ status: 409 });
    expect(TaskView.parse((await ask('/api/tasks/tiny')).json()).status.state).toBe('paused');
    expect((await post('/api/admin/runs', { task: 'tiny' }, { cookie })).json().rejected).toBe('run_running');
    const resume = await post(`/api/admin/runs/${run.run}/resume`, {}, { cookie });
    expect(RunSummary.parse(resume.json())).toMatchObject({ state: 'running', note: null });
    expect((await post(`/api/admin/runs/${run.run}/resume`, {}, { cookie })).json().rejected).toBe('run_running');
    expect((await post(`/api/admin/runs/${run.run}/pause`, { when: 1 }, { cookie })).json().message).toMatch(/when/);
    const stop = await post(`/api/admin/runs/${run.run}/stop`, {}, { cookie });
    expect(RunSummary.parse(stop.json())).toMatchObject({ state: 'stopped', note: expect.stringMatching(/admin/) });
    expect((await post(`/api/admin/runs/${run.run}/stop`, {}, { cookie })).json().rejected).toBe('run_over');
    expect((await post('/api/admin/runs/none/stop', {}, { cookie })).json().rejected).toBe('unknown_run');
  });

  it('starts and stops devices on this machine', async () => {
    expect((await post('/api/admin/devices', { task: 'none', count: 1 }, { cookie })).json().rejected).toBe(
      'unknown_task',
    );
    expect((await post('/api/admin/devices', { task: 'tiny', count: 0 }, { cookie })).json().message).toMatch(/count/);
    expect((await post('/api/admin/devices', { task: 'tiny', count: 2, shard: 'label' }, { cookie })).status).toBe(201);
    expect(started).toEqual([{ task: 'tiny', count: 2, shard: 'label', invite: null, url: coordinator.localUrl }]);
    await ask('/api/admin/devices', { method: 'DELETE', headers: { cookie } });
    expect(stopped).toBe(1);
  });

  it('is told that certificates need a study key', async () => {
    expect((await post('/api/admin/certificates', { id: 1 }, { cookie })).json().rejected).toBe('bad_message');
    const certificate = {
      id: 'ab'.repeat(32),
      key: 'ab'.repeat(32),
      task: 'tiny',
      role: 'member',
      expiry: 1,
      signature: 'ab'.repeat(64),
    };
    expect((await post('/api/admin/certificates', certificate, { cookie })).json().message).toMatch(/SOTTO_STUDY_KEY/);
  });

  it('is told of every change, and nobody else is', async () => {
    const connect = (headers: Record<string, string>) =>
      io(`${coordinator.localUrl}/admin`, { transports: ['websocket'], forceNew: true, extraHeaders: headers });
    const stranger = connect({ cookie: 'sotto_admin=guessed' });
    const refused = await new Promise<Error>((resolve) => stranger.once('connect_error', resolve));
    expect(refused.message).toBe('Sign in first.');
    stranger.disconnect();
    // A cookie that no page of ours brought along is not looked at.
    for (const headers of [{ cookie }, { cookie, origin: 'null' }, { cookie, origin: 'https://evil.example' }]) {
      const other = connect(headers);
      await new Promise<Error>((resolve) => other.once('connect_error', resolve));
      other.disconnect();
    }
    const admin = connect({ cookie, origin: coordinator.url });
    await new Promise<void>((resolve) => admin.once('connect', resolve));
    const changed = new Promise<void>((resolve) => admin.once('changed', resolve));
    const started = await coordinator.runs.create({ task: 'tiny', seed: 1 });
    await changed;
    if (isRejection(started)) throw new Error(started.message);
    await coordinator.runs.stop(started.run);
    admin.disconnect();
  });

  it('is nobody again after signing out', async () => {
    expect((await ask('/api/admin/session', { method: 'DELETE', headers: { cookie } })).status).toBe(200);
    expect((await ask('/api/admin', { headers: { cookie } })).status).toBe(401);
  });

  it('is refused what is no JSON, or too much of it', async () => {
    expect((await ask('/api/admin/session', { method: 'POST', body: '{' })).status).toBe(400);
    expect((await post('/api/admin/session', { token: 'x'.repeat(100_000) })).status).toBe(413);
  });
});

describe('the socket', () => {
  it('challenges whoever connects, and answers over the wire as the desk does', async () => {
    const transport = createSocketTransport(coordinator.localUrl);
    const challenge = await new Promise((resolve) =>
      transport.open({ onHint: ({ name, payload }) => name === 'challenge' && resolve(payload), onDisconnect() {} }),
    );
    expect(Challenge.parse(challenge).coordinator).toBe(coordinator.coordinatorKey);
    const planHash = 'ab'.repeat(32);
    expect(await transport.request('commit', { planHash })).toMatchObject({ rejected: 'not_introduced' });
    expect(await transport.request('part', { planHash, offset: 0 }, new Uint8Array(9))).toMatchObject({
      rejected: 'not_introduced',
    });
    expect(await transport.request('part', { planHash, offset: -1 }, new Uint8Array(9))).toMatchObject({
      rejected: 'bad_message',
      message: expect.stringMatching('offset'),
    });
    transport.close();
  });

  it('survives every frame that a peer can put together', async () => {
    const connect = () => io(coordinator.localUrl, { transports: ['websocket'], forceNew: true });
    const hostile = connect();
    const emit = hostile.emit as unknown as (this: unknown, ...values: unknown[]) => void;
    await new Promise<void>((resolve) => hostile.once('connect', resolve));
    // Handed to Socket.IO as they are, whatever its types say of event names.
    for (const values of [
      [5],
      [5, {}, 'no bytes'],
      [5, {}, 'no bytes', () => {}],
      ['error', 'of mine'],
      ['part', null, new Uint8Array(1)],
      ['hello', { certificates: 7 }, undefined, null],
    ])
      emit.apply(hostile, values);
    const named = await new Promise((resolve) => emit.call(hostile, 5, {}, resolve));
    expect(named).toMatchObject({ rejected: 'bad_message', message: expect.stringMatching(/name/) });
    const attached = await new Promise((resolve) => emit.call(hostile, 'commit', {}, 'no bytes', resolve));
    expect(attached).toMatchObject({ rejected: 'bad_message', message: expect.stringMatching(/bytes/) });
    hostile.disconnect();
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('is open to pages of its own origin and to no others, and to WebSocket only', async () => {
    const polling = await ask('/socket.io/?EIO=4&transport=polling');
    expect(polling.status).toBe(400);
    const { port } = new URL(coordinator.localUrl);
    const open = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://localhost:${port}/socket.io/?EIO=4&transport=websocket`, {
          headers: { origin },
        } as never);
        socket.onopen = () => {
          resolve('open');
          socket.close();
        };
        socket.onerror = () => resolve('refused');
      });
    expect(await open(`http://127.0.0.1:${port}`)).toBe('open');
    expect(await open(`http://localhost:${port}`)).toBe('open');
    expect(await open('https://evil.example')).toBe('refused');
    expect(await open('http://localhost:1')).toBe('refused');
  });
});
