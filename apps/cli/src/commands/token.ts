import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { Failure } from '../failure.ts';

interface TokenOptions {
  readonly data?: string;
  readonly role: 'admin' | 'viewer';
}

export function addToken(program: Command): void {
  program
    .command('token')
    .description('make a one-time link to sign in to a coordinator that runs on this machine')
    .option('--data <folder>', 'the coordinator’s data folder (SOTTO_DATA_DIR)')
    .addOption(
      new Option('--role <role>', 'what whoever opens it may do').choices(['admin', 'viewer']).default('admin'),
    )
    .action(makeToken);
}

async function makeToken({ data, role }: TokenOptions): Promise<void> {
  const { readConfig } = await import('@sotto/coordinator/config');
  const { makeSignInToken, TOKEN_MS } = await import('@sotto/coordinator/sign-in/tokens');
  const { dataDir, port, publicUrl, tls } = readConfig({
    ...process.env,
    ...(data !== undefined && { SOTTO_DATA_DIR: data }),
  });
  if (!existsSync(join(dataDir, 'coordinator.key')))
    throw new Failure(
      `${dataDir} is no coordinator's data folder. Give --data, or set SOTTO_DATA_DIR as for the start.`,
    );
  const token = makeSignInToken(dataDir, role, Date.now() + TOKEN_MS);
  console.log(`${publicUrl ?? `${tls ? 'https' : 'http'}://localhost:${port}`}/admin#token=${token}`);
  console.error(`Good once, for ${TOKEN_MS / 60_000} minutes, as ${role}.`);
}
