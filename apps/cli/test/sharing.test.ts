import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import { parseInvite } from '@sotto/protocol/invite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, sotto, temporaryFolder } from './command.ts';

const folder = temporaryFolder();
const asked: { task: string; count: number; shard: string }[] = [];
let coordinator: Coordinator;
let stopped = 0;

const run = (...args: string[]): Promise<Ended> => sotto(args, { XDG_CONFIG_HOME: join(folder.path, 'home') });

beforeAll(async () => {
  const data = join(folder.path, 'data');
  coordinator = await startCoordinator(readConfig({ SOTTO_DATA_DIR: data, PORT: '0', SOTTO_LOG: 'silent' }), {
    pages: folder.path,
    async startDevices({ task, count, shard }) {
      asked.push({ task, count, shard });
      return {
        ids: () => [],
        stop: async () => {
          stopped += 1;
        },
      };
    },
  });
  const token = makeSignInToken(data, 'admin', Date.now() + 60_000);
  expect((await run('login', '--url', coordinator.localUrl, '--token', token)).code).toBe(0);
});
afterAll(async () => {
  await coordinator.close();
  folder[Symbol.dispose]();
});

test('the link of a task is printed, and one with a code that lets in so many devices until it is revoked', async () => {
  const link = (await run('task', 'link', 'mnist')).stdout.trim();
  expect(link).toBe(`${coordinator.url}/t/mnist#coordinator=${coordinator.coordinatorKey}`);
  expect((await run('task', 'link', 'mnist', '--trust', 'study')).stderr).toContain('knows no study key');
  expect((await run('task', 'link', 'nothing')).stderr).toContain('has no task nothing');

  expect((await run('task', 'admit', 'mnist', 'invite')).stdout.trim()).toBe('admission: invite');
  const made = await run('task', 'invite', 'mnist', '--label', 'class 7b', '--uses', '20', '--for-ever');
  expect(parseInvite(new URL(made.stdout.trim()).hash)).toMatchObject({ invite: expect.stringMatching(/^[\w-]{32}$/) });
  const { admission, invites } = JSON.parse((await run('task', 'admit', 'mnist', '--json')).stdout);
  expect(admission).toBe('invite');
  expect(invites).toMatchObject([{ label: 'class 7b', uses: 20, used: 0, expiry: null, revoked: null }]);

  const start = invites[0].invite.slice(0, 12);
  expect((await run('task', 'uninvite', 'mnist', start, '--devices')).stdout).toContain('devices shut out: 0');
  expect((await run('task', 'admit', 'mnist')).stdout).toMatch(/class 7b +0 of 20 +revoked/);
});

test('devices on the coordinator’s machine are started and stopped', async () => {
  expect((await run('device', 'launch', 'mnist', '--count', '2', '--by', 'label')).code).toBe(0);
  expect(asked).toEqual([{ task: 'mnist', count: 2, shard: 'label' }]);
  expect((await run('device', 'dismiss', '--json')).code).toBe(0);
  expect(stopped).toBe(1);
});
