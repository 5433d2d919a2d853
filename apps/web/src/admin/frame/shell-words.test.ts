import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellCommand } from './shell-words.ts';

it('a command that is pasted into a shell passes on every word as it is', () => {
  const words = ['run', 'it’s', "it's", '', '$HOME `id` "x"', 'a\nb', '--note=50 %', '*', '~', '\\', 7];
  const printed = execFileSync('/bin/sh', ['-c', shellCommand(['printf', '%s\\0', ...words])], { encoding: 'utf8' });
  expect(printed.split('\0').slice(0, -1)).toEqual(words.map(String));
});

it('leaves what needs no quotes as people would write it', () => {
  expect(shellCommand(['sotto', 'run', 'start', '--task', 'mnist', '--rounds', 5])).toBe(
    'sotto run start --task mnist --rounds 5',
  );
});
