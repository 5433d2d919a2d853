import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgetSignInTokens, makeSignInToken, takeSignInToken } from '../src/sign-in/tokens.ts';
import { newFolder } from './hall.ts';

it('a token is good once, for its role and its time', () => {
  const folder = newFolder();
  const token = makeSignInToken(folder, 'viewer', 1000);
  expect(takeSignInToken(folder, `${token.slice(1)}x`, 0)).toBeUndefined();
  expect(takeSignInToken(folder, '../../coordinator.key', 0)).toBeUndefined();
  expect(takeSignInToken(folder, token, 999)).toBe('viewer');
  expect(takeSignInToken(folder, token, 999)).toBeUndefined();
  expect(takeSignInToken(folder, makeSignInToken(folder, 'admin', 1000), 1000)).toBeUndefined();
  expect(takeSignInToken(folder, makeSignInToken(folder, 'admin', null), 1e15)).toBe('admin');
});

it('a token is on disk as its digest only, for its owner to read, until the next start', () => {
  const folder = newFolder();
  const token = makeSignInToken(folder, 'admin', null);
  const path = join(folder, 'sign-in-tokens');
  const [name, ...others] = readdirSync(path);
  expect(others).toEqual([]);
  expect(`${name}${readFileSync(join(path, name!), 'utf8')}`).not.toContain(token);
  expect([statSync(path).mode & 0o777, statSync(join(path, name!)).mode & 0o777]).toEqual([0o700, 0o600]);
  forgetSignInTokens(folder);
  expect(takeSignInToken(folder, token, 0)).toBeUndefined();
});
