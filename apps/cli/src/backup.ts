import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { makeSignInToken, TOKEN_MS } from '@sotto/coordinator/sign-in/tokens';
import { z } from 'zod';
import { createCoordinatorApi } from './coordinator-api.ts';
import { Failure, reasonOf } from './failure.ts';

const Made = z.object({ folder: z.string() });

/** Has the coordinator make a backup in its data folder, and moves that away. */
export async function runBackup({ to, data }: { readonly to: string; readonly data?: string }): Promise<void> {
  const config = readConfig({ ...process.env, ...(data !== undefined && { SOTTO_DATA_DIR: data }) });
  const { dataDir, port, publicUrl, tls } = config;
  const target = resolve(to);
  if (existsSync(target)) throw new Failure(`${target} exists already. Name a new folder, so that no backup is lost.`);
  if (!existsSync(join(dataDir, 'coordinator.key')))
    throw new Failure(
      `${dataDir} is no coordinator's data folder. Give --data, or set SOTTO_DATA_DIR as for the start.`,
    );
  // Not by way of a proxy, if there is one; with TLS of its own, under the name its certificate is for.
  const url = tls ? (publicUrl ?? `https://localhost:${port}`) : `http://localhost:${port}`;
  const token = makeSignInToken(dataDir, 'admin', Date.now() + TOKEN_MS);
  const [answer] = await createCoordinatorApi(url).postAsAdmin(token, '/api/admin/backups', [{}]);
  const { folder } = Made.parse(answer);
  // Under another name until it is whole.
  const partial = `${target}.partial`;
  try {
    await cp(folder, partial, { recursive: true, errorOnExist: true, force: false });
    await rename(partial, target);
  } catch (error) {
    throw new Failure(`${target} cannot be written: ${reasonOf(error)}. The backup is in ${folder}.`);
  }
  await rm(folder, { recursive: true });
  console.log(`All that ${resolve(dataDir)} holds is in ${target}, too.`);
}
