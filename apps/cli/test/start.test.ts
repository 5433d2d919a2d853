import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AdminView } from '@sotto/protocol/admin/overview';
import { RunSummary } from '@sotto/protocol/run';
import { describe, expect, test } from 'vitest';
import { MAIN, sotto, temporaryFolder } from './command.ts';

/** Waits for a line of the process. @returns what the pattern's group caught */
async function heard(child: ChildProcess, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const found = pattern.exec(line)?.[1];
    if (found) return found;
  }
  throw new Error(`the process ended before it said ${pattern}`);
}

describe('start ends with status 1 and says why', () => {
  test('for a taken port', async () => {
    using folder = temporaryFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await sotto(['start', '--port', String(port), '--data', join(folder.path, 'data')]);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^sotto: Port ${port} on 127.0.0.1 is taken.*\n$`));
  });

  test('for a JavaScript engine that cannot load SEAL', async () => {
    const { code, stderr } = await sotto(['start', '--port', '0'], {}, ['--no-experimental-wasm-exnref']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sotto: Node .* lacks WebAssembly exception references .* Use Node 24 or later.*\n$/);
  });

  test('for bad settings, a folder that is none, a database that is none, and --exit alone', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, 'hello');
    writeFileSync(join(folder.path, 'sotto.sqlite'), 'this is no database, however long it is read');
    const outcomes = await Promise.all([
      sotto(['start', '--port', '99999']),
      sotto(['start'], { SOTTO_DATADIR: folder.path }),
      sotto(['start', '--port', '0', '--data', file]),
      sotto(['start', '--port', '0', '--data', folder.path]),
      sotto(['start', '--exit']),
    ]);
    for (const { code } of outcomes) expect(code).toBe(1);
    expect(outcomes.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/^sotto: The setting PORT=99999 .*\n$/),
      expect.stringMatching(/^sotto: There is no setting SOTTO_DATADIR. Did you mean SOTTO_DATA_DIR\?.*\n$/),
      expect.stringMatching(/^sotto: The data folder .* cannot be used .*\n$/),
      expect.stringMatching(/^sotto: The database .* cannot be opened .*\n$/),
      expect.stringMatching(/^sotto: --exit goes with --demo only.\n$/),
    ]);
  });
});

test('a started coordinator starts devices of its own, publishes a round with them, and stops them with itself', async () => {
  using folder = temporaryFolder();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'start', '--port', '0', '--data', join(folder.path, 'data')],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SOTTO_LOG: 'silent' } },
  );
  const exited = once(child, 'exit');
  try {
    const link = new URL(await heard(child, /Admin .*: (http\S+)$/));
    const token = new URLSearchParams(link.hash.slice(1)).get('token');
    const signedIn = await call(link.origin, '', 'POST', '/api/admin/session', { token });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    await call(link.origin, cookie, 'POST', '/api/admin/devices', { task: 'breast-cancer', count: 3 });
    const created = await call(link.origin, cookie, 'POST', '/api/admin/runs', { task: 'breast-cancer', rounds: 1 });
    const { run } = RunSummary.parse(await created.json());
    const summary = await until(async () => {
      const found = RunSummary.parse(await (await call(link.origin, '', 'GET', `/api/runs/${run}`)).json());
      return found.state === 'running' ? undefined : found;
    });
    expect(summary).toMatchObject({ state: 'finished', rounds: [{ kind: 'published', contributors: 3 }] });
    const view = AdminView.parse(await (await call(link.origin, cookie, 'GET', '/api/admin')).json());
    expect(view.tasks.find(({ id }) => id === 'breast-cancer')).toMatchObject({ local: 3 });
  } finally {
    child.kill('SIGINT');
  }
  expect(await exited).toEqual([0, null]);
});

test('a coordinator that waits at its end for a slow reader says that it is stopping, and ends at once at a second signal', async () => {
  using folder = temporaryFolder();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'start', '--port', '0', '--data', join(folder.path, 'data')],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SOTTO_LOG: 'silent', SOTTO_DRAIN_MS: '600000' } },
  );
  const exited = once(child, 'exit');
  try {
    const { origin, port } = new URL(await heard(child, /Admin .*: (http\S+)$/));
    // All of MNIST is more than the buffers between two sockets hold, and this one never reads.
    const reader = connect(Number(port), '127.0.0.1');
    reader.write(`GET /api/tasks/mnist/sample HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    await once(reader, 'readable');
    child.kill('SIGTERM');
    const refused = await until(async () => {
      const response = await fetch(new URL('/readyz', origin));
      return response.status === 503 ? await response.text() : undefined;
    });
    expect(refused).toMatch(/stopping/);
    expect((await fetch(new URL('/healthz', origin))).status).toBe(200);
    expect(await (await fetch(new URL('/api/tasks', origin))).json()).toMatchObject({ rejected: 'unavailable' });
    child.kill('SIGTERM');
    expect(await exited).toEqual([130, null]);
    reader.destroy();
  } finally {
    child.kill('SIGKILL');
  }
});

async function call(origin: string, cookie: string, method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(new URL(path, origin), {
    method,
    headers: { cookie, origin, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('what was waited for has not come');
}
