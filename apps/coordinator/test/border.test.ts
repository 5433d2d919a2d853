import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import { sha256Hex } from '@sotto/protocol/digest';
import { type Challenge, type Duty, helloString, PART_BYTES } from '@sotto/protocol/messages';
import type { SignedPlan } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { updateString } from '@sotto/protocol/update-record';
import { AuditPage } from '@sotto/protocol/views';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { uploadLayout } from '../src/aggregation/upload-layout.ts';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { newSigner } from './fuzz/stranger.ts';
import { openWebSocket, type RawWebSocket } from './fuzz/web-socket.ts';
import { newFolder, until } from './hall.ts';
import { connectDevices } from './live.ts';
import { makeTasks } from './task-folder.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Line {
  readonly msg: string;
  readonly code?: string;
  readonly count?: number;
}

/** A real coordinator that takes this machine for a stranger's. */
async function start(settings: Record<string, string> = {}): Promise<Coordinator & { readonly log: Line[] }> {
  const log: Line[] = [];
  const config = readConfig({
    SOTTO_DATA_DIR: join(newFolder(), 'data'),
    PORT: '0',
    SOTTO_UNLIMITED: 'none',
    ...settings,
  });
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(JSON.parse(line) as Line) });
  const coordinator = await startCoordinator(config, { tasksDirs: [makeTasks()], logger });
  endings.push(() => coordinator.close());
  return { ...coordinator, log };
}

function dial(url: string, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress });
  socket.on('error', () => {}).resume();
  endings.push(() => socket.destroy());
  return socket;
}

/** A device by hand, over a real socket, that is let in. */
async function enter(url: string) {
  const keys = await newSigner();
  const transport = createSocketTransport(url);
  endings.push(() => transport.close());
  const duties: Duty[] = [];
  const challenge = await new Promise<Challenge>((resolve) =>
    transport.open({
      onHint(hint) {
        if (hint.name === 'challenge') resolve(hint.payload);
        if (hint.name === 'duty') duties.push(hint.payload);
      },
      onDisconnect() {},
    }),
  );
  const hello = {
    version: 1 as const,
    task: 'tiny',
    key: keys.publicKey,
    signature: await keys.sign(helloString(challenge)),
    certificates: [] as never[],
    contributes: true,
  };
  const welcomed = await transport.request('hello', hello);
  if (isRejection(welcomed)) throw new Error(welcomed.message);
  return { keys, transport, duties, hello };
}

/** A device whose WebSocket is sent by hand. */
async function introduce(url: string, change: object = {}) {
  const keys = await newSigner();
  const { promise: answered, resolve } = Promise.withResolvers<string>();
  const { promise: challenged, resolve: onChallenge } = Promise.withResolvers<Challenge>();
  const socket = await openWebSocket(url, {
    onText(text) {
      if (text.startsWith('42["challenge"')) onChallenge((JSON.parse(text.slice(2)) as [string, Challenge])[1]);
      if (text.startsWith('430')) resolve(text);
    },
  });
  if (!socket) throw new Error('no connection');
  endings.push(() => socket.destroy());
  socket.send('40');
  const signature = await keys.sign(helloString(await challenged));
  const hello = { version: 1, task: 'tiny', key: keys.publicKey, signature, certificates: [], contributes: true };
  socket.send(`420${JSON.stringify(['hello', { ...hello, ...change }])}`);
  return { socket, answer: await answered };
}

const codeOf = (answer: unknown) => (isRejection(answer) ? answer.rejected : 'accepted');
const OTHER = 'ab'.repeat(32);

describe('connections', () => {
  it('of one address stay within their limit however many are opened, and those that say nothing are closed', async () => {
    const { url, log } = await start({ SOTTO_LIMITS: 'connectionsPerAddress=50,helloSeconds=1' });
    const silent = Array.from({ length: 1000 }, () => dial(url));
    const open = () => silent.filter(({ destroyed }) => !destroyed).length;
    await until('all beyond the limit are closed', () => open() <= 50);
    expect(silent.filter(({ bytesRead }) => bytesRead > 0)).toHaveLength(0);
    await until('the silent ones are closed too', () => open() === 0);
    expect((await fetch(`${url}/healthz`)).ok).toBe(true);
    expect(log.filter(({ code }) => code === 'too_many_connections')).toHaveLength(1);
  });

  it('stay within their limit over all addresses', async () => {
    const { url } = await start({ SOTTO_LIMITS: 'connections=20', SOTTO_UNLIMITED: 'loopback' });
    const silent = Array.from({ length: 200 }, () => dial(url));
    await until('all beyond the limit are closed', () => silent.filter(({ destroyed }) => !destroyed).length === 20);
  });

  it('are closed when they open a socket and never introduce themselves, or are half open and give no sign of life', async () => {
    const { url } = await start({ SOTTO_LIMITS: 'helloSeconds=1,heartbeatSeconds=1' });
    const mute = await openWebSocket(url);
    const shy = await openWebSocket(url);
    shy!.send('40');
    await Promise.all([mute!.closed, shy!.closed]);
    const { transport } = await enter(url);
    const { socket: dead } = await introduce(url);
    dead.tcp.removeAllListeners('data').on('data', () => {});
    await dead.closed;
    // It was there before and answers heartbeats, so it stays.
    expect(codeOf(await transport.request('commit', { planHash: OTHER }))).toBe('round_over');
  });

  it('when there are too many, those that have not said who they are give way, the oldest first: devices stay, and others come in', async () => {
    const { url, log } = await start({ SOTTO_LIMITS: 'connections=40,connectionsPerAddress=30' });
    const first = await enter(url);
    for (const address of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) {
      const silent = Array.from({ length: 30 }, () => dial(url, address));
      await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    }
    const second = await enter(url);
    for (const { transport } of [first, second])
      expect(codeOf(await transport.request('commit', { planHash: OTHER }))).toBe('round_over');
    expect(log.map(({ code }) => code)).toContain('too_many_connections');
  });

  it('of devices are limited by address; one too many is told when to come back, and comes in when another has left', async () => {
    const { url } = await start({ SOTTO_LIMITS: 'devicesPerAddress=2,connectionsPerAddress=1' });
    const [one] = [await introduce(url), await introduce(url)];
    expect((await introduce(url)).answer).toMatch(/"rejected":"too_busy".*"retryAfterMs":\d+/);
    one.socket.destroy();
    await until('there is room', async () => (await introduce(url)).answer.includes('"standing"'));
  });

  it('are let in by the thousand from one address, as they are by default', async () => {
    const { url, log } = await start();
    const sockets: (RawWebSocket | undefined)[] = [];
    for (let batch = 0; batch < 10; batch++)
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => openWebSocket(url)))));
    endings.push(() => sockets.map((socket) => socket?.destroy()));
    expect(sockets.filter((socket) => socket?.isOpen())).toHaveLength(1000);
    expect(log.filter(({ msg }) => msg === 'refused')).toEqual([]);
  });

  it('are not exchanged for others: whoever names a connection is refused, on any transport, with the headers of every answer', async () => {
    const { url, log } = await start();
    const { promise: sid, resolve } = Promise.withResolvers<string>();
    const own = await openWebSocket(url, {
      onText: (text) => text.startsWith('0') && resolve((JSON.parse(text.slice(1)) as { sid: string }).sid),
    });
    endings.push(() => own!.destroy());
    const path = `/socket.io/?EIO=4&transport=websocket&sid=${await sid}`;
    expect(await openWebSocket(url, {}, path, { Origin: 'https://evil.example' })).toBeUndefined();
    expect(await openWebSocket(url, {}, path)).toBeUndefined();
    expect(await openWebSocket(url, {}, '/socket.io/?EIO=4&transport=websocket&sid=')).toBeUndefined();
    for (const method of ['GET', 'POST']) {
      const polling = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { method });
      expect(polling.status).toBe(400);
      expect(polling.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await polling.json()).toMatchObject({ rejected: 'bad_message' });
    }
    expect(own!.isOpen()).toBe(true);
    expect(log.map(({ code }) => code)).toContain('bad_message');
  });

  it('that speak no HTTP are told so, with a code and the headers of every answer', async () => {
    const { url, log } = await start();
    const socket = dial(url);
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GARBAGE\r\n\r\n');
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*nosniff.*"rejected":"bad_message"/s);
    expect(log.map(({ code }) => code)).toContain('bad_message');
  });

  it('of signed-in admins only are told of changes; whoever is not is looked up once', async () => {
    const { url } = await start();
    const { promise: told, resolve } = Promise.withResolvers<string>();
    const headers = { Origin: url, Cookie: 'sotto_admin=x' };
    const path = '/socket.io/?EIO=4&transport=websocket';
    const socket = await openWebSocket(
      url,
      { onText: (text) => text.startsWith('44') && resolve(text) },
      path,
      headers,
    );
    socket!.send('40/admin,');
    expect(await told).toContain('Sign in first.');
    socket!.send('40/admin,');
    await socket!.closed;
  });
});

describe('rates', () => {
  it('of messages are limited by device, with the time to wait; others are not concerned', async () => {
    const { url, log } = await start({ SOTTO_LIMITS: 'messagesPerSecond=2' });
    const [hasty, patient] = [await enter(url), await enter(url)];
    const answers = [];
    for (let i = 0; i < 60; i++) answers.push(await hasty.transport.request('commit', { planHash: OTHER }));
    expect(answers.filter((answer) => codeOf(answer) === 'round_over').length).toBeLessThanOrEqual(20);
    expect(answers.at(-1)).toMatchObject({ rejected: 'too_many_requests', retryAfterMs: expect.any(Number) });
    expect(codeOf(await patient.transport.request('commit', { planHash: OTHER }))).toBe('round_over');
    // One line, however often.
    expect(log.filter(({ code }) => code === 'too_many_requests')).toHaveLength(1);
  });

  it('of messages are limited by address, whatever keys they come under', async () => {
    const { url } = await start({ SOTTO_LIMITS: 'messagesPerAddressSecond=1' });
    const codes: string[] = [];
    for (let i = 0; i < 4; i++) {
      const { transport } = await enter(url).catch(() => ({ transport: null }));
      if (!transport) codes.push('too_many_requests');
      else for (let k = 0; k < 3; k++) codes.push(codeOf(await transport.request('commit', { planHash: OTHER })));
    }
    expect(codes).toContain('too_many_requests');
    expect(codes.filter((code) => code === 'round_over').length).toBeLessThan(10);
  });

  it('of HTTP requests are limited by the address that a trusted proxy names, and by that of an untrusted one', async () => {
    const ask = async (url: string, from: string) =>
      (await fetch(`${url}/api/tasks`, { headers: { 'x-forwarded-for': from } })).status;
    const trusting = await start({ SOTTO_LIMITS: 'httpPerMinute=3', SOTTO_TRUSTED_PROXIES: 'loopback' });
    for (const status of [200, 200, 200, 429]) expect(await ask(trusting.url, '203.0.113.1')).toBe(status);
    expect(await ask(trusting.url, '203.0.113.2')).toBe(200);
    // What stands before the proxy's own word is the client's invention.
    expect(await ask(trusting.url, '198.51.100.9, 203.0.113.1')).toBe(429);
    // One household has a whole /64.
    for (const status of [200, 200, 200]) expect(await ask(trusting.url, '2001:db8::1')).toBe(status);
    expect(await ask(trusting.url, '2001:db8::2')).toBe(429);
    expect(await ask(trusting.url, '2001:db8:0:1::2')).toBe(200);
    const wary = await start({ SOTTO_LIMITS: 'httpPerMinute=3' });
    for (const status of [200, 200, 200, 429]) expect(await ask(wary.url, `203.0.113.${status}`)).toBe(status);
    const refused = await fetch(`${wary.url}/api/tasks`);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ rejected: 'too_many_requests', retryAfterMs: expect.any(Number) });
  });

  it('of wrong tokens lock out nobody who has a right one, behind whatever proxy, and are audited by the address it names', async () => {
    const { url, adminToken, log } = await start({ SOTTO_TRUSTED_PROXIES: 'loopback' });
    const signIn = (token: string, from: string) =>
      fetch(`${url}/api/admin/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url, 'x-forwarded-for': from },
        body: JSON.stringify({ token }),
      });
    for (let i = 0; i < 30; i++) expect((await signIn('x'.repeat(32), '203.0.113.1')).status).toBe(401);
    expect((await signIn('y'.repeat(32), '203.0.113.2')).status).toBe(401);
    const signedIn = await signIn(adminToken, '203.0.113.1');
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    const { entries } = AuditPage.parse(await (await fetch(`${url}/api/admin/audit`, { headers: { cookie } })).json());
    const refused = entries.filter(({ action }) => action === 'sign-in refused');
    const addresses = refused.map(({ detail }) => (detail as { address: string }).address);
    // Who tries all day neither fills the log nor hides the other.
    expect(addresses).toEqual(['203.0.113.2', ...Array(10).fill('203.0.113.1')]);
    expect(log.filter(({ code }) => code === 'wrong_token')).toHaveLength(2);
  });

  it('leave a device alone whose neighbour says hello with wrong signatures', async () => {
    const { url } = await start();
    for (let i = 0; i < 100; i++) {
      const { socket, answer } = await introduce(url, { signature: '0'.repeat(128) });
      expect(answer).toContain('bad_signature');
      socket.destroy();
    }
    expect((await introduce(url)).answer).toContain('"standing"');
  });

  it('leave a class of forty behind one address alone, as they are by default', async () => {
    const { url, runs, log } = await start();
    await Promise.all(Array.from({ length: 40 }, () => enter(url)));
    expect(runs.status('tiny')!.present).toBe(40);
    // Each page asks for some files, a few at a time.
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        for (let i = 0; i < 25; i++) expect((await fetch(`${url}/healthz`)).ok).toBe(true);
      }),
    );
    expect(log.filter(({ msg }) => msg === 'refused')).toEqual([]);
  });
});

it('whoever is wrong a hundred times is hung up on, and that makes a few lines in the log', async () => {
  const { url, log } = await start();
  const { transport } = await enter(url);
  const codes: string[] = [];
  while (codes.at(-1) !== 'disconnected') codes.push(codeOf(await transport.request('commit', { planHash: '' })));
  transport.close();
  expect(codes.filter((code) => code === 'bad_message').length).toBeGreaterThanOrEqual(99);
  expect(codes.length).toBeLessThan(110);
  expect(log.filter(({ msg }) => msg === 'refused').length).toBeLessThan(6);
});

describe('in a live round, over a real socket,', () => {
  it('wrong phase, wrong plan, replay, duplicate, foreign device, over- and undersized, out-of-order and damaged uploads are refused by code, and the round publishes', async () => {
    const { url, runs } = await start();
    const devices = await connectDevices(url, 3);
    endings.push(() => devices.map((device) => device.die()));
    const { keys, transport, duties, hello } = await enter(url);
    const bystander = await enter(url);
    // A hello that was overheard is of no use on another connection.
    expect(codeOf(await bystander.transport.request('hello', hello))).not.toBe('accepted');
    const run = await runs.create({
      task: 'tiny',
      rounds: 1,
      cohort: { least: 5, most: 5 },
      durations: { keysMs: 1000, uploadMs: 20_000, checkMs: 3000, voteMs: 3000, openMs: 5000, returnMs: 200 },
    });
    if (isRejection(run)) throw new Error(run.message);
    const { planHash } = await until('the hand-driven device is asked', () =>
      duties.find((duty) => duty.kind === 'contribute'),
    );
    const plan = (await (await fetch(`${url}/api/plans/${planHash}`)).json()) as SignedPlan;
    const layout = uploadLayout(plan.plan);
    // Residues of zero are a ciphertext like any other; the boxes are none, and the committee will drop the update.
    const bytes = new Uint8Array(layout.total);
    const digest = sha256Hex(bytes.subarray(0, layout.ciphertext));
    const box = sha256Hex(bytes.subarray(0, (layout.total - layout.ciphertext) / layout.boxes));
    const record = async (signer = keys, ciphertext = digest) => {
      const unsigned = {
        key: signer.publicKey,
        ciphertext,
        boxes: Array<string>(layout.boxes).fill(box),
        certificate: null,
      };
      return { ...unsigned, signature: await signer.sign(updateString(planHash, unsigned)) };
    };
    const upload = async (change: object = {}) =>
      codeOf(await transport.request('upload', { planHash, record: await record(), bytes: layout.total, ...change }));
    const part = async (offset: number, length: number) =>
      codeOf(await transport.request('part', { planHash, offset }, new Uint8Array(length)));

    expect(await part(0, layout.total)).toBe('upload_incomplete');
    expect(await upload({ planHash: OTHER })).toBe('round_over');
    expect(await upload({ record: await record(bystander.keys) })).toBe('not_yours');
    expect(await upload({ bytes: layout.total - 1 })).toBe('wrong_length');
    expect(await upload({ bytes: 2 ** 40 })).toBe('wrong_length');
    expect(await upload({ record: { ...(await record()), signature: '0'.repeat(128) } })).toBe('bad_signature');
    // Of another plan: the signature covers it.
    const stale = { ...(await record()), signature: await keys.sign(updateString(OTHER, await record())) };
    expect(await upload({ record: stale })).toBe('bad_signature');
    expect(
      codeOf(await transport.request('vote', { planHash, contributors: OTHER, x: 1, signature: '0'.repeat(128) })),
    ).toBe('not_asked');
    expect(await upload({ record: await record(keys, OTHER) })).toBe('accepted');
    expect(await part(1000, layout.total - 1000)).toBe('part_out_of_order');
    expect(await part(0, PART_BYTES)).toBe('wrong_length');
    expect(await part(0, 10)).toBe('wrong_length');
    expect(codeOf(await transport.request('commit', { planHash }))).toBe('upload_incomplete');
    expect(await part(0, layout.total)).toBe('accepted');
    // The digest is not that of the bytes.
    expect(codeOf(await transport.request('commit', { planHash }))).toBe('upload_damaged');
    expect(await upload()).toBe('accepted');
    expect(await part(0, layout.total)).toBe('accepted');
    // Foreign: the bytes are there, but not this device's.
    expect(codeOf(await bystander.transport.request('commit', { planHash }))).toBe('upload_incomplete');
    for (const time of ['first', 'second'])
      expect(codeOf(await transport.request('commit', { planHash })), time).toBe('accepted');
    expect(await upload({ record: await record(keys, OTHER) })).toBe('different_update');
    bystander.transport.close();
    const summary = await until('the round is over', () => {
      const now = runs.get(run.run)!;
      return now.rounds.length > 0 && now;
    });
    expect(summary.rounds).toMatchObject([{ kind: 'published', contributors: 3 }]);
    expect(await upload()).toBe('round_over');
  });
});
