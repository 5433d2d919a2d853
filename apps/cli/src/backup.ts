import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { syncAll } from '@sotto/coordinator/backup';
import { makeSignInToken, TOKEN_MS } from '@sotto/coordinator/sign-in/tokens';
import { z } from 'zod';
import { createCoordinatorApi } from './coordinator-api.ts';
import { Failure, reasonOf } from './failure.ts';
import { findNeighbour } from './neighbour.ts';

const Made = z.object({ folder: z.string() });

/** Has the coordinator make a backup in its data folder, and moves that away. */
export async function runBackup({ to, data }: { readonly to: string; readonly data?: string }): Promise<void> {
  const { dataDir, url } = findNeighbour(data);
  const target = resolve(to);
  if (existsSync(target)) throw new Failure(`${target} exists already. Name a new folder, so that no backup is lost.`);
  const token = makeSignInToken(dataDir, 'admin', Date.now() + TOKEN_MS);
  const [answer] = await createCoordinatorApi(url).postAsAdmin(token, '/api/admin/backups', [{}]);
  const { folder } = Made.parse(answer);
  // Under another name until it is whole, and on disk.
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    await cp(folder, partial, { recursive: true });
    await syncAll(partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw new Failure(`${target} cannot be written: ${reasonOf(error)}. The backup is in ${folder}.`);
  }
  await rm(folder, { recursive: true });
  console.log(`Everything the coordinator in ${dataDir} needs is in ${target}, too.`);
}
