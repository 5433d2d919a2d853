import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { expect, test } from 'vitest';
import { address } from '../src/arguments.ts';
import { createCoordinatorApi } from '../src/coordinator-api.ts';
import { askPatiently } from '../src/patience.ts';
import { agreedInvite } from '../src/pins.ts';
import { sotto } from './command.ts';

const KEY = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

test('a whole invite link says where, what, and which keys to insist on', () => {
  const link = address(`https://sotto.example:8443/t/mnist#coordinator=${KEY}&committee=5`);
  expect(link).toEqual({
    origin: 'https://sotto.example:8443',
    task: 'mnist',
    invite: `#coordinator=${KEY}&committee=5`,
  });
  const pins = { ...OPEN_PINS, coordinator: KEY, leastCommittee: 5 };
  expect(agreedInvite(link.invite, undefined)).toEqual(pins);
  expect(agreedInvite(link.invite, `committee=5&coordinator=${KEY}`)).toEqual(pins);
  expect(agreedInvite(null, `#coordinator=${KEY}`)).toEqual({ ...OPEN_PINS, coordinator: KEY });
  const code = 'A'.repeat(32);
  expect(agreedInvite(address(`http://localhost/t/mnist#invite=${code}`).invite, undefined).invite).toBe(code);
  expect(address('http://localhost:8787')).toEqual({ origin: 'http://localhost:8787', task: null, invite: null });
});

test('join refuses a damaged link, two links that differ, and two tasks or none, before it calls anybody', async () => {
  const link = `http://localhost:1/t/mnist#coordinator=${KEY}`;
  const outcomes = await Promise.all([
    sotto(['join', '--url', link.slice(0, -1)]),
    sotto(['join', '--url', link, '--invite', `#coordinator=${OTHER}`]),
    sotto(['join', '--url', link, '--task', 'breast-cancer']),
    sotto(['join', '--url', 'http://localhost:1']),
    sotto(['join', '--url', 'ftp://localhost']),
  ]);
  for (const { code } of outcomes) expect(code).toBe(1);
  expect(outcomes.map(({ stderr }) => stderr)).toEqual([
    expect.stringMatching(/^sotto: --url: The link is damaged.*\n$/),
    expect.stringMatching(/^sotto: The link in --url and --invite insist on different keys.*\n$/),
    expect.stringMatching(/^sotto: The link is for the task mnist, but --task says breast-cancer.*\n$/),
    expect.stringMatching(/^sotto: Which task\?.*\n$/),
    expect.stringContaining('an http or https address'),
  ]);
});

test('join waits for a coordinator that is away or busy, says so once, and gives up on an answer that waiting does not mend', async () => {
  const answers: [number, string][] = [
    [502, '<h1>Bad Gateway</h1>'],
    [503, JSON.stringify({ rejected: 'unavailable', message: 'Its disk is full.', retryAfterMs: 1 })],
    [200, JSON.stringify({ tasks: [] })],
  ];
  const server = createServer((_request, response) => {
    const [status, body] = answers.shift() ?? [500, ''];
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stdout, stderr } = await sotto(['join', '--url', `http://127.0.0.1:${port}`, '--task', 'mnist']);
  server.close();
  expect(answers).toEqual([]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^http.* answers HTTP 502\. Trying again until it can be joined\.\n$/);
  expect(stderr).toMatch(/has no task mnist/);
});

test('asking patiently goes on after a lost connection, and ends when told to stop', async () => {
  const nobody = createCoordinatorApi('http://127.0.0.1:1');
  const said: string[] = [];
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const asked = askPatiently(
    () => nobody.task('mnist'),
    stopped,
    (line) => {
      said.push(line);
      stop();
    },
  );
  expect(await asked).toBeUndefined();
  expect(said).toEqual([expect.stringMatching(/^No coordinator answers at .* Trying again/)]);
});
