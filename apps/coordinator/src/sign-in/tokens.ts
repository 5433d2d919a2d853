import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Person } from '@sotto/protocol/views';
import { z } from 'zod';
import { fileFault } from '../unavailable.ts';

const FOLDER = 'sign-in-tokens';
/** One that an operator asks for is used at once, or forgotten. */
export const TOKEN_MS = 15 * 60_000;

const Grant = z.strictObject({ role: Person.shape.role, until: z.number().nullable() });
type Role = Person['role'];

/**
 * One-time tokens, each a file of the data folder named by its SHA-256: whoever may write there runs the coordinator anyway, so that
 * `sotto token` needs no other right, no open port and no restart. Taking the file away is what uses a token up.
 */
export function makeSignInToken(dataDir: string, role: Role, until: number | null): string {
  const token = randomBytes(24).toString('base64url');
  mkdirSync(join(dataDir, FOLDER), { recursive: true, mode: 0o700 });
  writeFileSync(pathOf(dataDir, token), JSON.stringify({ role, until } satisfies z.infer<typeof Grant>), {
    mode: 0o600,
    flag: 'wx',
  });
  return token;
}

/**
 * Has `grant` give what the token is for, and the token is used up; it is good again when `grant` fails. False when it is none, was used,
 * or is too old. The second of two that bring it gets nothing.
 */
export async function useSignInToken(
  dataDir: string,
  token: string,
  now: number,
  grant: (role: Role) => Promise<void>,
): Promise<boolean> {
  const path = pathOf(dataDir, token);
  const taken = `${path}.taken`;
  try {
    await rename(path, taken);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw fileFault(join(dataDir, FOLDER), error);
  }
  try {
    const { role, until } = Grant.parse(JSON.parse(await readFile(taken, 'utf8')));
    const good = until === null || until > now;
    if (good) await grant(role);
    // Under this name it is of no use to anybody, and gone with the next start.
    await rm(taken).catch(() => {});
    return good;
  } catch (error) {
    await rename(taken, path);
    throw fileFault(join(dataDir, FOLDER), error);
  }
}

/** A new start ends what the last one printed. */
export function forgetSignInTokens(dataDir: string): void {
  const folder = join(dataDir, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
}

/** The file's name is the token's digest, so what was guessed is compared by nothing that could leak it. */
function pathOf(dataDir: string, token: string): string {
  return join(dataDir, FOLDER, createHash('sha256').update(token).digest('hex'));
}
