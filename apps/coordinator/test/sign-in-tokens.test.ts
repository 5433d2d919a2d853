import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgetSignInTokens, makeSignInToken, useSignInToken } from '../src/sign-in/tokens.ts';
import { newFolder } from './hall.ts';

/** What the token gave. */
async function use(folder: string, token: string, now: number): Promise<string | undefined> {
  let given: string | undefined;
  const granted = await useSignInToken(folder, token, now, async (role) => {
    given = role;
  });
  expect(granted).toBe(given !== undefined);
  return given;
}

it('a token is good once, for its role and its time', async () => {
  const folder = newFolder();
  const token = makeSignInToken(folder, 'viewer', 1000);
  expect(await use(folder, `${token.slice(1)}x`, 0)).toBeUndefined();
  expect(await use(folder, '../../coordinator.key', 0)).toBeUndefined();
  const both = await Promise.all([use(folder, token, 999), use(folder, token, 999)]);
  expect(both.toSorted()).toEqual(['viewer', undefined]);
  expect(await use(folder, token, 999)).toBeUndefined();
  expect(await use(folder, makeSignInToken(folder, 'admin', 1000), 1000)).toBeUndefined();
  expect(await use(folder, makeSignInToken(folder, 'admin', null), 1e15)).toBe('admin');
});

it('a token whose session cannot be stored is not used up', async () => {
  const folder = newFolder();
  const token = makeSignInToken(folder, 'admin', null);
  const full = new Error('no space is left');
  await expect(useSignInToken(folder, token, 0, () => Promise.reject(full))).rejects.toBe(full);
  expect(await use(folder, token, 0)).toBe('admin');
});

it('a token is on disk as its digest only, for its owner to read, until the next start', async () => {
  const folder = newFolder();
  const token = makeSignInToken(folder, 'admin', null);
  const path = join(folder, 'sign-in-tokens');
  const [name, ...others] = readdirSync(path);
  expect(others).toEqual([]);
  expect(`${name}${readFileSync(join(path, name!), 'utf8')}`).not.toContain(token);
  expect([statSync(path).mode & 0o777, statSync(join(path, name!)).mode & 0o777]).toEqual([0o700, 0o600]);
  forgetSignInTokens(folder);
  expect(await use(folder, token, 0)).toBeUndefined();
});
