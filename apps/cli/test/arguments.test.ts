import { expect, test } from 'vitest';
import { shard } from '../src/arguments.ts';
import { sotto } from './command.ts';

test('shards are counted from 1, as on the page', () => {
  expect(shard('1/5')).toEqual({ index: 0, count: 5 });
  expect(shard('5/5')).toEqual({ index: 4, count: 5 });
  for (const text of ['0/5', '6/5', '0/0', '1', '1/', '-1/5', '1.5/5', ''])
    expect(() => shard(text), text).toThrow('1 ≤ i ≤ n, such as 1/5');
});

test('join refuses shard 0, and its help says in words what it learns from by default', async () => {
  const [refused, help] = await Promise.all([
    sotto(['join', '--url', 'http://localhost:1', '--task', 'mnist', '--shard', '0/5']),
    sotto(['join', '--help']),
  ]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('such as 1/5 for the first of five') });
  expect(help.stdout.replace(/\s+/g, ' ')).toContain('counted from 1 (default: all of it)');
  expect(help.stdout).not.toContain('index');
});
