import { OPEN_PINS } from '@sotto/protocol/invite';
import { expect, test } from 'vitest';
import { address } from '../src/arguments.ts';
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
